using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Tests.Net.Dhcp;
using Memcachier.Kernel.Tests.Net.Wire;
using Xunit;
using static Memcachier.Kernel.Tests.Net.StackUnderTest;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>
/// Garbage, and valid packets with some bytes changed, at every layer. The stack never breaks an invariant, never keeps a
/// buffer, counts every frame, and goes on answering others.
/// </summary>
public sealed class NetStackFuzzTests
{
    private const int FrameCount = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Bad_frames_harm_nobody(ulong seed)
    {
        var random = new Prng(seed);
        StackUnderTest host = new StackUnderTest(canOffloadChecksum: seed % 2 == 0, seed: seed).Settled();
        byte[][] samples = Samples();
        for (int i = 0; i < FrameCount; i++)
        {
            host.Clock.Set(host.Clock.NowMicros + random.Below(5_000));
            host.Nic.VouchesForChecksums = random.Chance(1, 2);
            byte[] frame = random.Chance(1, 10) ? Garbage(ref random) : Mutant(ref random, samples);
            // Poll itself checks that every buffer came back.
            foreach (SentFrame sent in host.Exchange(frame)) AssertWellFormed(sent.Octets, seed, i);
            if (i % 100 == 0) AssertAlive(host, seed, i);
        }
        Assert.True(host.Counters.FramesReceived >= FrameCount, $"seed {seed}");
        // The mutations reach every layer: each of these drops happened.
        NetCounters counters = host.Counters;
        Assert.All(
            [
                counters.FramesMalformed, counters.FramesNotForUs, counters.FramesUnknownType, counters.ArpMalformed,
                counters.Ipv4Malformed, counters.Ipv4BadChecksum, counters.Ipv4BadSource, counters.Ipv4NotForUs,
                counters.Ipv4Fragments, counters.Ipv4UnknownProtocol, counters.IcmpBadChecksum,
                counters.IcmpFragmentationNeeded, counters.UdpMalformed, counters.UdpBadChecksum,
                counters.UdpPortUnreachable, host.Stack.Tcp.Counters.MalformedSegments,
                host.Stack.Tcp.Counters.ChecksumErrors,
            ],
            count => Assert.True(count > 0, $"seed {seed}"));
        // Long after, when everything half-open has timed out, nothing is held.
        for (int minute = 0; minute < 10; minute++) _ = host.Wait(60_000_000);
        Assert.Equal(host.Pool.Count, host.Pool.FreeCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bad_servers_harm_nobody(ulong seed)
    {
        var random = new Prng(seed);
        int leases = 0, ignored = 0;
        for (int machine = 0; machine < 100; machine++)
        {
            var server = new ModelServer { LeaseSeconds = 1 + random.Below(1_000) };
            StackUnderTest host = new(NetSettings.Dhcp([]), seed: random.Next());
            for (int step = 0; step < 100; step++)
            {
                foreach (SentFrame frame in host.Poll())
                {
                    byte[]? answer = Answer(server, frame.Octets);
                    if (answer is null) continue;
                    if (random.Chance(1, 2)) Mutate(ref random, answer, random.Chance(1, 4) ? 0 : 240, 280);
                    host.Nic.Arrived.Enqueue(Frames.Udp(
                        server.Self, DhcpMessage.ServerPort, Addresses.Parse("255.255.255.255"), DhcpMessage.ClientPort, answer));
                }
                string where = $"seed {seed}, machine {machine}, step {step}";
                Assert.True(host.Stack.Interface.IsConfigured == host.Stack.Lease is not null, where);
                long next = Math.Min(host.Stack.NextTimerMicros, host.Clock.NowMicros + 3600_000_000);
                if (host.Nic.Arrived.Count == 0) host.Clock.Set(Math.Max(next, host.Clock.NowMicros));
            }
            // No server can make it send a storm.
            long seconds = host.Clock.NowMicros / 1_000_000;
            Assert.True(host.Counters.UdpSent <= 4 + (2 * seconds), $"seed {seed}, machine {machine}");
            leases += (int)host.Counters.DhcpLeases;
            ignored += (int)host.Counters.DhcpIgnored;
        }
        Assert.True(leases > 500, $"seed {seed}: {leases}");
        Assert.True(ignored > 100, $"seed {seed}: {ignored}");
    }

    private static byte[][] Samples()
    {
        byte[] tooBig = new byte[8 + 28];
        tooBig[0] = 3;
        tooBig[1] = 4;
        Ipv4Header.Emit(tooBig.AsSpan(8), 1500, 0, true, IpProtocol.Tcp, Us, Far);
        BinaryPrimitives.WriteUInt16BigEndian(tooBig.AsSpan(2), InternetChecksum.Compute(tooBig, 0));
        return
        [
            Frames.Arp(ArpOperation.Request, Peer, Us), Frames.Arp(ArpOperation.Reply, Gateway, Us, isBroadcast: false),
            Frames.Echo(Peer, Us, 0), Frames.Echo(Far, Us, 1472), Frames.Udp(Peer, 5000, Us, 7, [1, 2, 3, 4, 5]),
            Frames.Udp(Peer, 5000, Us, 9, new byte[900]), Frames.Syn(Peer, Us, 7), Frames.Syn(Peer, Us, 9),
            Frames.Syn(Far, Us, 7), Frames.Ipv4(IpProtocol.Icmp, Gateway, Us, tooBig), Captured.DhcpOffer,
        ];
    }

    private static byte[] Garbage(ref Prng random)
    {
        byte[] frame = new byte[random.Below(1515)];
        random.Fill(frame);
        // Half of it gets past the first check.
        if (frame.Length >= 14 && random.Chance(1, 2))
        {
            Frames.HostMac.Write(frame);
            frame[12] = 8;
            frame[13] = (byte)(random.Chance(1, 4) ? 6 : 0);
        }
        return frame;
    }

    private static byte[] Mutant(ref Prng random, byte[][] samples)
    {
        byte[] frame = [.. samples[random.Below((uint)samples.Length)]];
        // Most changes where the headers are, and the IPv4 checksum put right half the time, so that they get through.
        Mutate(ref random, frame, random.Chance(1, 8) ? 0 : 14, Math.Min(frame.Length, random.Chance(1, 4) ? 1514 : 74));
        if (random.Chance(1, 8)) frame = frame[..(int)random.Below((uint)frame.Length + 1)];
        if (frame.Length >= 34 && frame[13] == 0 && random.Chance(3, 4)) Frames.FixIpv4Checksum(frame);
        return frame;
    }

    private static void Mutate(ref Prng random, byte[] octets, int start, int end)
    {
        for (uint count = random.Below(4); count > 0; count--)
        {
            int place = start + (int)random.Below((uint)(end - start));
            octets[place] = random.Below(4) switch
            {
                0 => 0,
                1 => 0xFF,
                2 => (byte)(octets[place] ^ 1 << (int)random.Below(8)),
                _ => (byte)random.Below(256),
            };
        }
    }

    /// <summary>Whatever is sent is a right packet from us.</summary>
    private static void AssertWellFormed(byte[] octets, ulong seed, int step)
    {
        string where = $"seed {seed}, frame {step}";
        Assert.True(EthernetFrame.TryParse(octets, out EthernetFrame frame), where);
        Assert.True(frame.Source == Frames.HostMac, where);
        if (frame.EtherType == EtherType.Arp)
        {
            Assert.True(ArpPacket.TryParse(frame.Payload, out ArpPacket arp), where);
            Assert.True(arp.SenderProtocol == Us, where);
            return;
        }
        Assert.True(Ipv4Header.TryParse(frame.Payload, out Ipv4Header packet), where);
        Assert.True(packet.IsChecksumValid, where);
        Assert.True(packet.Source == Us, where);
        Assert.False(packet.Destination.IsMulticastV4, where);
        Assert.False(packet.Destination.IsUnspecifiedV4, where);
        if (packet.Protocol != IpProtocol.Icmp) return;
        Assert.True(IcmpV4Message.TryParse(packet.Payload, out IcmpV4Message message), where);
        Assert.True(message.IsChecksumValid, where);
    }

    /// <summary>Another peer is served as ever.</summary>
    private static void AssertAlive(StackUnderTest host, ulong seed, int step)
    {
        IpAddress other = Addresses.Parse("10.0.0.3");
        host.Nic.VouchesForChecksums = false;
        int arpReplies = 0, echoReplies = 0;
        foreach (SentFrame sent in host.Exchange(
            Frames.Arp(ArpOperation.Request, other, Us), Frames.Echo(other, Us, 20)))
        {
            if (sent.Octets[13] == 6) arpReplies++;
            else if (sent.Octets[34] == (byte)IcmpV4Type.EchoReply) echoReplies++;
        }
        Assert.True(arpReplies >= 1, $"seed {seed}, frame {step}");
        Assert.True(echoReplies == 1, $"seed {seed}, frame {step}");
    }

    private static byte[]? Answer(ModelServer server, byte[] octets)
    {
        bool isUdp = EthernetFrame.TryParse(octets, out EthernetFrame frame)
            & Ipv4Header.TryParse(frame.Payload, out Ipv4Header packet);
        if (!isUdp || !UdpHeader.TryParse(packet.Payload, out UdpHeader udp)) return null;
        return udp.DestinationPort == DhcpMessage.ServerPort ? server.Arrives(udp.Payload.ToArray()) : null;
    }
}
