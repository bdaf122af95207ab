using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Wire;
using Xunit;
using static Memcachier.Kernel.Tests.Net.StackUnderTest;

namespace Memcachier.Kernel.Tests.Net.Capture;

public sealed class PacketCaptureTests
{
    private const long UnixMicros = 1_700_000_000_123_456;
    private const ushort OurPort = 11211;
    private const ushort PeerPort = 4000;

    private static readonly CaptureSettings Everything = new(default, CaptureSettings.SnapLengthMax, CaptureSettings.RateMax);

    private readonly ChunkPool _pool = new(HostMemory.Allocate(1 << 20), 2048);
    private readonly NetCounters _counters = new();
    private readonly PacketCapture _capture;

    public PacketCaptureTests() => _capture = new PacketCapture(_pool, _counters);

    [Fact]
    public void A_file_of_two_frames()
    {
        Assert.True(_capture.TryStart(in Everything, UnixMicros, nowMicros: 500));
        _capture.Frame((byte[])[1, 2, 3], 500);
        _capture.Frame((byte[])[4], 1_000_500);
        Assert.Equal(
            "D4C3B2A1" + "0200" + "0400" + "00000000" + "00000000" + "FFFF0000" + "01000000"
            + "00F15365" + "40E20100" + "03000000" + "03000000" + "010203"
            + "01F15365" + "40E20100" + "01000000" + "01000000" + "04",
            Convert.ToHexString(TakeAll()));
        Assert.Equal((2, 0), (_counters.CaptureFramesKept, _counters.CaptureFramesDropped));
        Assert.Equal(_pool.Count, _pool.FreeCount);
    }

    [Fact]
    public void The_snap_length_cuts_a_frame_and_its_length_stays()
    {
        Assert.True(_capture.TryStart(new CaptureSettings(default, snapLength: 2, CaptureSettings.RateMax), UnixMicros, 0));
        _capture.Frame((byte[])[1, 2, 3], 0);
        byte[] file = TakeAll();
        Assert.Equal(2, file[16]);
        Assert.Equal([2, 0, 0, 0, 3, 0, 0, 0, 1, 2], file[32..]);
    }

    [Fact]
    public void Frames_that_find_no_room_are_left_out_whole()
    {
        Assert.True(_capture.TryStart(in Everything, UnixMicros, 0));
        byte[] frame = new byte[1500];
        for (int i = 0; i < 400; i++) _capture.Frame(frame, i);
        const int kept = (PacketCapture.WaitingLengthMax - 24) / 1516;
        Assert.Equal((kept, 400 - kept), (_counters.CaptureFramesKept, _counters.CaptureFramesDropped));
        byte[] file = TakeAll();
        Assert.Equal(24 + (kept * 1516), file.Length);
        Assert.Equal(kept, Frames(file).Count);
        // There is room again.
        _capture.Frame(frame, 500);
        Assert.Equal(16 + 1500, TakeAll().Length);
    }

    [Fact]
    public void It_keeps_so_many_bytes_a_second()
    {
        const int Rate = 50_000;
        const int RecordLength = 16 + 84;
        Assert.True(_capture.TryStart(new CaptureSettings(default, CaptureSettings.SnapLengthMax, Rate), UnixMicros, 0));
        int length = TakeAll().Length;
        for (int micros = 0; micros < 10_000_000; micros += 100)
        {
            _capture.Frame(new byte[84], micros);
            length += TakeAll().Length;
        }
        const int Expected = PacketCapture.WaitingLengthMax + (10 * Rate);
        Assert.InRange(length, Expected - (PacketCapture.WaitingLengthMax / 4) - RecordLength, Expected + 24);
        Assert.Equal(100_000, _counters.CaptureFramesKept + _counters.CaptureFramesDropped);
        // An hour of silence is worth a full bucket and no more.
        length = 0;
        for (int i = 0; i < 4000; i++)
        {
            _capture.Frame(new byte[84], 3_600_000_000);
            length += TakeAll().Length;
        }
        Assert.InRange(length, PacketCapture.WaitingLengthMax - RecordLength, PacketCapture.WaitingLengthMax);
    }

    [Fact]
    public void What_it_keeps_of_too_much_is_in_one_piece()
    {
        Assert.True(_capture.TryStart(new CaptureSettings(default, CaptureSettings.SnapLengthMax, rate: 100_000), UnixMicros, 0));
        _ = TakeAll();
        var kept = new List<bool>();
        for (int i = 0; i < 100_000; i++)
        {
            _capture.Frame(new byte[84], i * 10);
            kept.Add(TakeAll().Length > 0);
        }
        int changes = kept.Zip(kept.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.InRange(changes, 2, 4);
    }

    [Fact]
    public void Without_memory_it_does_not_start()
    {
        while (_pool.TryRent(out _))
        {
        }
        Assert.False(_capture.TryStart(in Everything, UnixMicros, 0));
        Assert.False(_capture.IsRunning);
    }

    [Fact]
    public void There_is_one_at_a_time()
    {
        Assert.True(_capture.TryStart(in Everything, UnixMicros, 0));
        Assert.False(_capture.TryStart(in Everything, UnixMicros, 0));
        _capture.Frame(new byte[60], 0);
        _capture.Discard();
        Assert.Equal((false, 0), (_capture.IsRunning, _capture.Length));
        Assert.True(_capture.TryStart(in Everything, UnixMicros, 0));
        _capture.Stop();
        Assert.Equal(24, TakeAll().Length);
        Assert.Equal(_pool.Count, _pool.FreeCount);
    }

    public static TheoryData<string, CaptureFilter, string> Filters => new()
    {
        { "everything", default, "udp reply other far arp broken ipv6" },
        { "a port, either side", new CaptureFilter { Port = OurPort }, "udp reply far" },
        { "the peer's port", new CaptureFilter { Port = PeerPort }, "udp reply" },
        { "a host, either side", new CaptureFilter { Host = Peer }, "udp reply other arp" },
        { "our own address", new CaptureFilter { Host = Us }, "udp reply other far arp" },
        { "host and port", new CaptureFilter { Host = Far, Port = OurPort }, "far" },
        { "nobody", new CaptureFilter { Host = Gateway }, "" },
        { "all but a connection", new CaptureFilter { ExceptHost = Peer, ExceptPort = PeerPort }, "other far arp broken ipv6" },
        { "another host with that port", new CaptureFilter { ExceptHost = Far, ExceptPort = PeerPort }, "udp reply other far arp broken ipv6" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_chooses(string name, CaptureFilter filter, string expected)
    {
        Assert.NotEmpty(name);
        byte[] udp = Net.Frames.Udp(Peer, PeerPort, Us, OurPort, [1]);
        byte[] broken = (byte[])udp.Clone();
        broken[14] = 0x46;                                                       // a header longer than it is
        broken[17] = 20;
        var frames = new List<(string Name, byte[] Octets)>
        {
            ("udp", udp),
            ("reply", Net.Frames.Udp(Us, OurPort, Peer, PeerPort, [1])),
            ("other", Net.Frames.Udp(Peer, 53, Us, 54, [1])),
            ("far", Net.Frames.Udp(Far, 99, Us, OurPort, [1])),
            ("arp", Net.Frames.Arp(ArpOperation.Request, Peer, Us)),
            ("broken", broken),
            ("ipv6", [.. udp.AsSpan(0, 12), 0x86, 0xDD, 0x60]),
        };
        Assert.Equal(expected, string.Join(' ', frames.Where(frame => filter.Matches(frame.Octets)).Select(frame => frame.Name)));
    }

    [Fact]
    public void Any_frame_cut_anywhere_is_judged()
    {
        var filters = new[] { default, new CaptureFilter { Port = 1 }, new CaptureFilter { Host = Us, Port = OurPort } };
        byte[] udp = Net.Frames.Udp(Peer, PeerPort, Us, OurPort, [1]);
        for (int length = 0; length <= udp.Length; length++)
        {
            Assert.True(filters[0].Matches(udp.AsSpan(0, length).ToArray()));
            Assert.False(filters[1].Matches(udp.AsSpan(0, length).ToArray()));
            _ = filters[2].Matches(udp.AsSpan(0, length).ToArray());
        }
    }

    [Fact]
    public void A_stack_shows_what_comes_and_what_goes()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        var capture = new PacketCapture(host.Pool, new NetCounters());
        host.Stack.Attach(capture);
        byte[] request = Net.Frames.Udp(Peer, 5000, Us, 7, [1, 2, 3]);
        _ = host.Exchange(request);
        Assert.Equal(0, capture.Length);
        Assert.True(capture.TryStart(in Everything, UnixMicros, host.Clock.NowMicros));
        byte[] reply = Assert.Single(host.Exchange(request)).Octets;
        capture.Stop();
        _ = host.Exchange(request);
        byte[] file = TakeAll(capture);
        Assert.Equal([request, reply], Frames(file));
    }

    /// <summary>The frames of a file that is whole.</summary>
    private static List<byte[]> Frames(ReadOnlySpan<byte> file)
    {
        var frames = new List<byte[]>();
        file = file[24..];
        while (file.Length > 0)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
            frames.Add(file.Slice(16, length).ToArray());
            file = file[(16 + length)..];
        }
        return frames;
    }

    private byte[] TakeAll() => TakeAll(_capture);

    private static byte[] TakeAll(PacketCapture capture)
    {
        var file = new List<byte>();
        byte[] room = new byte[1000];
        while (capture.Take(room) is > 0 and int length) file.AddRange(room[..length]);
        return [.. file];
    }
}
