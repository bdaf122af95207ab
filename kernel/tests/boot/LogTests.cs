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

    private static string Last(LogRing ring, int count)
    {
        byte[] text = new byte[count];
        return Encoding.ASCII.GetString(text, 0, ring.CopyLast(text));
    }
}
