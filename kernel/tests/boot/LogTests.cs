using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class LogTests
{
    [Fact]
    public void A_line_has_its_time_in_front()
    {
        var time = new SimTime();
        var console = new StringBuilder();
        var ring = new LogRing(HostMemory.Allocate(4096));
        var log = new BootLog<TextSerial, SimClock>(new TextSerial(console), new SimClock(time), ring);
        log.Write("first"u8);
        time.AdvanceTo(123_456);
        log.Write("second"u8);
        time.AdvanceTo(9_999_999_999);
        log.Write(""u8);
        const string Expected = "[        0 us] first\n[   123456 us] second\n[9999999999 us] \n";
        Assert.Equal(Expected, console.ToString());
        Assert.Equal(Expected, Last(ring, 4096));
    }

    [Theory]
    [InlineData(144, 144)]
    [InlineData(145, 144)]
    [InlineData(10_000, 144)]
    public void A_long_line_is_cut_but_ended(int length, int expected)
    {
        var console = new StringBuilder();
        var log = new BootLog<TextSerial, SimClock>(
            new TextSerial(console), new SimClock(new SimTime()), new LogRing(HostMemory.Allocate(4096)));
        log.Write(Encoding.ASCII.GetBytes(new string('x', length)));
        Assert.Equal("[        0 us] " + new string('x', expected) + "\n", console.ToString());
    }

    [Fact]
    public void The_ring_keeps_the_newest_bytes()
    {
        var ring = new LogRing(HostMemory.Allocate(8 + 10));
        Assert.Equal("", Last(ring, 100));
        ring.Append("abc"u8);
        Assert.Equal("abc", Last(ring, 100));
        Assert.Equal("bc", Last(ring, 2));
        ring.Append("defghijkl"u8);
        Assert.Equal("cdefghijkl", Last(ring, 100));
        Assert.Equal("jkl", Last(ring, 3));
        Assert.Equal("", Last(ring, 0));
        ring.Append("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
        Assert.Equal("QRSTUVWXYZ", Last(ring, 100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_ring_is_like_the_end_of_a_string(ulong seed)
    {
        var random = new Prng(seed);
        var ring = new LogRing(HostMemory.Allocate(8 + 37));
        var model = new StringBuilder();
        for (int i = 0; i < 2000; i++)
        {
            byte[] text = new byte[random.Below(60)];
            for (int c = 0; c < text.Length; c++) text[c] = (byte)('a' + random.Below(26));
            ring.Append(text);
            _ = model.Append(Encoding.ASCII.GetString(text));
            int wanted = (int)random.Below(50);
            int expected = Math.Min(wanted, Math.Min(37, model.Length));
            Assert.Equal(model.ToString(model.Length - expected, expected), Last(ring, wanted));
        }
    }

    [Fact]
    public void All_state_lies_in_the_region()
    {
        Region region = HostMemory.Allocate(100);
        new LogRing(region).Append("before the crash"u8);
        Assert.Equal("before the crash", Last(new LogRing(region), 100));
        _ = Assert.Throws<BrokenInvariantException>(() => new LogRing(HostMemory.Allocate(8)));
    }

    [Fact]
    public void A_secret_is_on_the_console_only()
    {
        var console = new StringBuilder();
        var ring = new LogRing(HostMemory.Allocate(4096));
        var log = new BootLog<TextSerial, SimClock>(new TextSerial(console), new SimClock(new SimTime()), ring);
        log.Write("token=HUSH!, made"u8, 6, 5);
        Assert.Equal("[        0 us] token=HUSH!, made\n", console.ToString());
        Assert.Equal("[        0 us] token=*****, made\n", Last(ring, 4096));
        log.Write(Encoding.ASCII.GetBytes(new string('x', 140) + "HUSHHUSH"), 140, 8);
        Assert.EndsWith("xxHUSH\n", console.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", Last(ring, 4096), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_found_by_their_place()
    {
        var ring = new LogRing(HostMemory.Allocate(8 + 12));
        Assert.Equal("", Lines(ring, 0));
        ring.Append("ab\n"u8);
        Assert.Equal("0:ab", Lines(ring, 0));
        ring.Append("\ncd"u8);
        Assert.Equal("0:ab 3:", Lines(ring, 0));
        Assert.Equal("3:", Lines(ring, 1));
        Assert.Equal("", Lines(ring, 4));
        ring.Append("ef\n"u8);
        Assert.Equal("0:ab 3: 4:cdef", Lines(ring, 0));
        // Nine bytes so far; the first line is overwritten now, and its end with it.
        ring.Append("ghijk\n"u8);
        Assert.Equal("4:cdef 9:ghijk", Lines(ring, 0));
        Assert.Equal("9:ghijk", Lines(ring, 5));
        Assert.Equal("", Lines(ring, 1000));
        ring.Append("one that is longer than the ring\n"u8);
        Assert.Equal("", Lines(ring, 0));
    }

    /// <summary>Against a string of everything: each whole line of the ring is found, but perhaps the oldest.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Lines_are_like_those_of_a_string(ulong seed)
    {
        const int Capacity = 64;
        var random = new Prng(seed);
        var ring = new LogRing(HostMemory.Allocate(8 + Capacity));
        var model = new StringBuilder();
        for (int i = 0; i < 2000; i++)
        {
            string text = new string((char)('a' + random.Below(26)), (int)random.Below(20)) + "\n";
            ring.Append(Encoding.ASCII.GetBytes(text));
            _ = model.Append(text);
            int from = Math.Max(0, model.Length - 2 * Capacity) + (int)random.Below(2 * Capacity + 5);
            string expected = "";
            for (int at = Math.Max(from, Math.Max(0, model.Length - Capacity + 1)); at < model.Length; at++)
            {
                if (at > 0 && model[at - 1] != '\n') continue;
                int end = model.ToString().IndexOf('\n', at);
                expected += $" {at}:{model.ToString(at, end - at)}";
            }
            Assert.Equal(expected.TrimStart(), Lines(ring, (ulong)from));
        }
    }

    [Theory]
    [InlineData("[        0 us] ready: x", 0, "ready: x", LogLevel.Notice)]
    [InlineData("[   123456 us] error: command line: -x is unknown", 123_456, "error: command line: -x is unknown", LogLevel.Error)]
    [InlineData("[9999999999 us] warning: y", 9_999_999_999, "warning: y", LogLevel.Warning)]
    [InlineData("[        1 us] entropy: timer jitter; warning: nothing better", 1, "entropy: timer jitter; warning: nothing better", LogLevel.Warning)]
    [InlineData("[        1 us] shutdown: z", 1, "shutdown: z", LogLevel.Notice)]
    [InlineData("[        1 us] ", 1, "", LogLevel.Info)]
    [InlineData("[        1 us] store: error: no", 1, "store: error: no", LogLevel.Info)]
    public void A_line_is_taken_apart(string line, long micros, string text, LogLevel level)
    {
        Assert.True(LogLine.TryParse(Encoding.ASCII.GetBytes(line), out LogLine parsed));
        Assert.Equal((micros, text, level), (parsed.Micros, Encoding.ASCII.GetString(parsed.Text), parsed.Level));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[ us] x")]
    [InlineData("[12 us]")]
    [InlineData("[1x us] y")]
    [InlineData("(1 us] y")]
    [InlineData("[99999999999999999999 us] y")]
    public void What_is_no_line_is_none(string line) => Assert.False(LogLine.TryParse(Encoding.ASCII.GetBytes(line), out _));

    private static string Lines(LogRing ring, ulong position)
    {
        var lines = new StringBuilder();
        byte[] line = new byte[100];
        while (ring.TryReadLine(ref position, line, out int length))
        {
            _ = lines.Append(System.Globalization.CultureInfo.InvariantCulture, $" {position}:{Encoding.ASCII.GetString(line, 0, length)}");
            position += (ulong)length + 1;
        }
        return lines.ToString().TrimStart();
    }

    private static string Last(LogRing ring, int count)
    {
        byte[] text = new byte[count];
        return Encoding.ASCII.GetString(text, 0, ring.CopyLast(text));
    }
}
