using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Sim;

public sealed class SimNetworkTests
{
    private static List<string> Run(ulong seed, in SimLinkSettings link, SimCounters[]? counters = null)
    {
        var time = new SimTime();
        var network = new SimNetwork(time, seed, prefixSize: 4);
        int from = network.AddPort();
        int to = network.AddPort();
        network.Connect(from, to, in link);
        var log = new List<string>();
        byte[] packet = new byte[100];
        for (int i = 0; i < 2000; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(packet, i);
            network.Send(from, packet);
            Receive();
            time.AdvanceTo(time.NowMicros + 10);
        }
        while (network.NextArrivalMicros != long.MaxValue)
        {
            time.AdvanceTo(network.NextArrivalMicros);
            Receive();
        }
        if (counters is not null) counters[0] = network.Counters;
        return log;

        void Receive()
        {
            while (network.TryReceive(to, out Span<byte> octets, out int token))
            {
                log.Add(time.NowMicros + " " + BinaryPrimitives.ReadInt32BigEndian(octets) + " " +
                    octets.Slice(4).ContainsAnyExcept((byte)0));
                network.Recycle(token);
            }
        }
    }

    private static SimLinkSettings Everything => new()
    {
        DelayMicros = 1000,
        OctetsPerSecond = 20_000_000,
        Loss = Ratio.Percent(10),
        Duplication = Ratio.Percent(5),
        Reordering = Ratio.Percent(5),
        ReorderingMicros = 500,
        Corruption = Ratio.Percent(5),
    };

    [Fact]
    public void The_same_seed_makes_the_same_world()
    {
        SimLinkSettings link = Everything;
        Assert.Equal(Run(7, in link), Run(7, in link));
        Assert.NotEqual(Run(7, in link), Run(8, in link));
    }

    [Fact]
    public void Faults_come_as_often_as_they_should()
    {
        SimLinkSettings link = Everything;
        var counters = new SimCounters[1];
        List<string> log = Run(1, in link, counters);
        Assert.InRange(counters[0].Lost, 150, 250);
        Assert.InRange(counters[0].Duplicated, 60, 130);
        Assert.InRange(counters[0].Reordered, 60, 130);
        Assert.InRange(counters[0].Corrupted, 60, 130);
        Assert.Equal(2000 - counters[0].Lost + counters[0].Duplicated, log.Count);
        Assert.Equal(counters[0].Corrupted, log.FindAll(line => line.EndsWith("True", StringComparison.Ordinal)).Count);
    }

    [Fact]
    public void A_perfect_wire_delivers_in_order_after_its_delay()
    {
        var link = new SimLinkSettings { DelayMicros = 70 };
        List<string> log = Run(1, in link);
        Assert.Equal(2000, log.Count);
        for (int i = 0; i < log.Count; i++) Assert.Equal(70 + 10 * i + " " + i + " False", log[i]);
    }

    [Fact]
    public void A_full_queue_drops()
    {
        // 100 bytes every 10 us are 10 MB/s; half of it fits.
        var link = new SimLinkSettings { OctetsPerSecond = 5_000_000, QueueSize = 1000 };
        var counters = new SimCounters[1];
        _ = Run(1, in link, counters);
        Assert.InRange(counters[0].QueueDrops, 980, 1000);
    }

    [Fact]
    public void A_device_carries_frames_and_fills_in_checksums()
    {
        var time = new SimTime();
        var network = new SimNetwork(time, 1);
        int left = network.AddPort();
        int right = network.AddPort();
        network.Connect(left, right, default);
        var sender = new SimDevice(network, left, MacAddress.Broadcast, 2, canOffloadChecksum: true);
        var receiver = new SimDevice(network, right, MacAddress.Broadcast);
        Assert.True(receiver.TryArm());

        Assert.True(sender.TryRent(out TransmitFrame frame));
        Assert.True(sender.TryRent(out TransmitFrame unused));
        Assert.False(sender.TryRent(out _));
        sender.Return(in unused);
        Assert.Equal(1514, frame.Octets.Length);
        frame.Octets.Slice(0, 60).Fill(7);
        BinaryPrimitives.WriteUInt16BigEndian(frame.Octets.Slice(40), 0x1234);
        sender.Send(in frame, 60, new TransmitChecksum(34, 6));
        Assert.False(receiver.TryReceive(out _));
        sender.Flush();
        sender.Flush();
        Assert.Equal(1, sender.KickCount);

        Assert.False(receiver.TryArm());
        receiver.Disarm();
        Assert.True(receiver.TryReceive(out ReceivedFrame received));
        Assert.Equal(60, received.Octets.Length);
        ReadOnlySpan<byte> covered = received.Octets.Slice(34);
        // Summed with the checksum in place of the pseudo-header's sum, only that is left.
        Assert.Equal(unchecked((ushort)~0x1234), Complement(covered));
        receiver.Recycle(in received);
        Assert.False(receiver.TryReceive(out _));
    }

    /// <summary>The pseudo-header's sum that makes the checksum right, complemented.</summary>
    private static ushort Complement(ReadOnlySpan<byte> covered) =>
        (ushort)~InternetChecksum.Fold(InternetChecksum.Compute(covered, 0));
}
