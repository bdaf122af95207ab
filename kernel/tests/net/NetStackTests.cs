using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;
using static Memcachier.Kernel.Tests.Net.StackUnderTest;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>What the stack answers to single frames.</summary>
public sealed class NetStackTests
{
    [Fact]
    public void A_fixed_address_is_announced_twice()
    {
        var host = new StackUnderTest();
        SentFrame announcement = Assert.Single(host.Poll());
        Assert.True(ArpPacket.TryParse(announcement.Octets.AsSpan(14), out ArpPacket packet));
        Assert.Equal(ArpOperation.Request, packet.Operation);
        Assert.Equal(Us, packet.SenderProtocol);
        Assert.Equal(Us, packet.TargetProtocol);
        Assert.Equal(3_000_000, host.Stack.NextTimerMicros);
        Assert.Equal(announcement.Octets, Assert.Single(host.Wait(2_000_000)).Octets);
        Assert.Equal(long.MaxValue, host.Stack.NextTimerMicros);
        Assert.Empty(host.Wait(3600_000_000));
    }

    [Fact]
    public void An_arp_request_is_answered_to_its_sender()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        SentFrame reply = Assert.Single(host.Exchange(Frames.Arp(ArpOperation.Request, Peer, Us)));
        Assert.True(EthernetFrame.TryParse(reply.Octets, out EthernetFrame frame));
        Assert.Equal(Frames.PeerMac, frame.Destination);
        Assert.True(ArpPacket.TryParse(frame.Payload, out ArpPacket packet));
        Assert.Equal(ArpOperation.Reply, packet.Operation);
        Assert.Equal((Frames.HostMac, Us), (packet.SenderHardware, packet.SenderProtocol));
        Assert.Equal((Frames.PeerMac, Peer), (packet.TargetHardware, packet.TargetProtocol));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(1472)]
    public void A_ping_is_answered_with_the_same_bytes(int length)
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] request = Frames.Echo(Peer, Us, length);
        byte[] reply = SinglePacket(host.Exchange(request), IpProtocol.Icmp, Peer);
        Assert.True(IcmpV4Message.TryParse(reply.AsSpan(34), out IcmpV4Message message));
        Assert.True(message.IsChecksumValid);
        Assert.Equal(IcmpV4Type.EchoReply, message.Type);
        Assert.Equal(request.AsSpan(38, 4 + length), reply.AsSpan(38));
        Assert.Equal(1, host.Counters.IcmpEchoReplies);
    }

    [Fact]
    public void A_ping_from_far_away_is_answered_through_the_gateway_once_its_address_is_known()
    {
        var host = new StackUnderTest();
        _ = host.Poll();
        SentFrame question = Assert.Single(host.Exchange(Frames.Echo(Far, Us, 10)));
        Assert.True(ArpPacket.TryParse(question.Octets.AsSpan(14), out ArpPacket packet));
        Assert.Equal(Gateway, packet.TargetProtocol);
        List<SentFrame> sent = host.Exchange(Frames.Arp(ArpOperation.Reply, Gateway, Us, isBroadcast: false));
        Assert.Equal(Frames.PeerMac, MacAddress.Read(SinglePacket(sent, IpProtocol.Icmp, Far)));
    }

    [Fact]
    public void Pings_are_answered_up_to_a_rate()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        for (int i = 0; i < 3_000; i++) _ = host.Exchange(Frames.Echo(Peer, Us, 0));
        Assert.Equal(1_000, host.Counters.IcmpEchoReplies);
        Assert.Equal(2_000, host.Counters.IcmpRateLimited);
        Assert.Empty(host.Wait(99));
        Assert.Empty(host.Exchange(Frames.Echo(Peer, Us, 0)));
        Assert.Empty(host.Wait(1));
        _ = SinglePacket(host.Exchange(Frames.Echo(Peer, Us, 0)), IpProtocol.Icmp, Peer);
    }

    [Fact]
    public void Udp_goes_to_its_handler_and_its_reply_back()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] hello = Encoding.ASCII.GetBytes("hello");
        byte[] reply = SinglePacket(host.Exchange(Frames.Udp(Peer, 5000, Us, 7, hello)), IpProtocol.Udp, Peer);
        Assert.Equal([42], host.UdpApplication.Handlers);
        Assert.True(UdpHeader.TryParse(reply.AsSpan(34), out UdpHeader header));
        Assert.True(header.HasChecksum);
        Assert.True(header.IsChecksumValid(Us, Peer));
        Assert.Equal((7, 5000), (header.SourcePort, header.DestinationPort));
        Assert.Equal(hello, header.Payload.ToArray());
    }

    [Fact]
    public void What_udp_has_to_do_later_keeps_the_machine_awake()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        long before = host.Stack.NextTimerMicros;
        host.UdpApplication.Replies.Enqueue((default, []));
        Assert.Equal(0, host.Stack.NextTimerMicros);
        host.UdpApplication.Replies.Clear();
        Assert.Equal(before, host.Stack.NextTimerMicros);
    }

    [Fact]
    public void Udp_to_a_closed_port_is_refused_up_to_a_rate()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] datagram = Frames.Udp(Peer, 5000, Us, 9, [1, 2, 3]);
        byte[] error = SinglePacket(host.Exchange(datagram), IpProtocol.Icmp, Peer);
        Assert.True(IcmpV4Message.TryParse(error.AsSpan(34), out IcmpV4Message message));
        Assert.True(message.IsChecksumValid);
        Assert.Equal(IcmpV4Type.DestinationUnreachable, message.Type);
        Assert.Equal(IcmpV4Message.PortUnreachable, message.Code);
        Assert.Equal(datagram.AsSpan(14, 31), message.Body);
        for (int i = 0; i < 100; i++) _ = host.Exchange(datagram);
        Assert.Equal(20, host.Counters.IcmpErrorsSent);
        Assert.Equal(101, host.Counters.UdpPortUnreachable);
    }

    public static TheoryData<string, byte[]> Silence => new()
    {
        { "udp to a closed port, by broadcast", Frames.Udp(Peer, 5000, Addresses.Parse("255.255.255.255"), 9, [1]) },
        { "udp to an open port, by broadcast", Frames.Udp(Peer, 5000, Addresses.Parse("255.255.255.255"), 7, [1]) },
        { "udp, wrong checksum", Altered(Frames.Udp(Peer, 5000, Us, 9, [1, 2, 3]), 44) },
        { "udp, length beyond the packet", Altered(Frames.Udp(Peer, 5000, Us, 9, [1, 2, 3]), 38) },
        { "tcp, wrong checksum", Altered(Frames.Syn(Peer, Us, 9), 50) },
        { "tcp to everyone", Frames.Syn(Peer, Addresses.Parse("255.255.255.255"), 9) },
        { "a ping to everyone", Frames.Echo(Peer, Addresses.Parse("10.0.0.255"), 4) },
        { "a ping, wrong checksum", Altered(Frames.Echo(Peer, Us, 4), 45) },
        { "a ping to a neighbour", Frames.Echo(Peer, Gateway, 4) },
        { "a ping from ourselves", Frames.Echo(Us, Us, 4) },
        { "a ping from everyone", Frames.Echo(Addresses.Parse("10.0.0.255"), Us, 4) },
        { "an error about an error", Frames.Ipv4(IpProtocol.Icmp, Peer, Us, [3, 3, 0xFC, 0xFC, 0, 0, 0, 0]) },
        { "half an icmp message", Frames.Ipv4(IpProtocol.Icmp, Peer, Us, [8, 0, 0]) },
        { "an unknown ethertype", Altered(Frames.Echo(Peer, Us, 4), 12) },
        { "a frame for another station", Altered(Frames.Echo(Peer, Us, 4), 5) },
        { "a frame for a group", Altered(Frames.Echo(Peer, Us, 4), 0) },
        { "half a header", new byte[13] },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(Silence))]
    public void Is_answered_with_silence(string name, byte[] frame)
    {
        StackUnderTest host = new StackUnderTest().Settled();
        Assert.True(host.Exchange(frame).Count == 0, name);
        Assert.Equal(2, host.Counters.FramesReceived);
        Assert.Empty(host.UdpApplication.Handlers);
    }

    [Fact]
    public void A_unicast_packet_in_a_broadcast_frame_is_answered_with_silence()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] frame = Frames.Echo(Peer, Us, 4);
        MacAddress.Broadcast.Write(frame);
        Assert.Empty(host.Exchange(frame));
        Assert.Equal(1, host.Counters.Ipv4NotForUs);
    }

    [Fact]
    public void The_first_fragment_is_refused_and_the_others_dropped()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] first = Frames.Udp(Peer, 5000, Us, 7, new byte[100]);
        first[20] = 0x20;
        Frames.FixIpv4Checksum(first);
        byte[] error = SinglePacket(host.Exchange(first), IpProtocol.Icmp, Peer);
        Assert.Equal((byte)IcmpV4Type.TimeExceeded, error[34]);
        Assert.Equal(IcmpV4Message.ReassemblyTimeExceeded, error[35]);
        byte[] second = Frames.Udp(Peer, 5000, Us, 7, new byte[100]);
        second[21] = 0x10;
        Frames.FixIpv4Checksum(second);
        Assert.Empty(host.Exchange(second));
        Assert.Equal(2, host.Counters.Ipv4Fragments);
        Assert.Empty(host.UdpApplication.Handlers);
    }

    [Fact]
    public void An_unknown_protocol_is_refused()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        List<SentFrame> sent = host.Exchange(Frames.Ipv4((IpProtocol)132, Peer, Us, new byte[12]));
        byte[] error = SinglePacket(sent, IpProtocol.Icmp, Peer);
        Assert.Equal(IcmpV4Message.ProtocolUnreachable, error[35]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tcp_answers_with_a_right_checksum_whoever_computes_it(bool canOffloadChecksum)
    {
        StackUnderTest host = new StackUnderTest(canOffloadChecksum: canOffloadChecksum).Settled();
        SentFrame sent = host.Exchange(Frames.Syn(Peer, Us, 7))[0];
        Span<byte> segment = sent.Octets.AsSpan(34);
        Assert.Equal(0x12, segment[13]); // SYN, ACK
        Assert.Equal(1001u, BinaryPrimitives.ReadUInt32BigEndian(segment.Slice(8)));
        Assert.Equal(canOffloadChecksum, sent.Checksum.IsNeeded);
        uint pseudo = InternetChecksum.PseudoHeaderSum(Us, Peer, 6, segment.Length);
        if (canOffloadChecksum)
        {
            Assert.Equal((34, 16), (sent.Checksum.Start, sent.Checksum.Offset));
            Assert.Equal(InternetChecksum.Fold(pseudo), BinaryPrimitives.ReadUInt16BigEndian(segment.Slice(16)));
        }
        else
        {
            Assert.Equal(0, InternetChecksum.Compute(segment, pseudo));
        }
        Assert.Equal(0x4000, BinaryPrimitives.ReadUInt16BigEndian(sent.Octets.AsSpan(20))); // don't fragment
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_waits_for_its_next_hop_and_is_not_lost(bool canOffloadChecksum)
    {
        var host = new StackUnderTest(canOffloadChecksum: canOffloadChecksum);
        _ = host.Poll();
        SentFrame question = Assert.Single(host.Exchange(Frames.Syn(Peer, Us, 7)));
        Assert.True(ArpPacket.TryParse(question.Octets.AsSpan(14), out _));
        List<SentFrame> sent = host.Exchange(Frames.Arp(ArpOperation.Reply, Peer, Us, isBroadcast: false));
        byte[] synAck = SinglePacket(sent, IpProtocol.Tcp, Peer);
        Assert.Equal(0x12, synAck[34 + 13]);
        Assert.Equal(canOffloadChecksum, sent[0].Checksum.IsNeeded);
        Assert.Equal(0, host.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void A_round_kicks_the_device_once()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        int before = host.Nic.FlushCount;
        for (int i = 0; i < 10; i++) host.Nic.Arrived.Enqueue(Frames.Echo(Peer, Us, 4));
        Assert.True(host.Stack.Poll());
        Assert.Equal(before + 1, host.Nic.FlushCount);
        Assert.False(host.Stack.Poll());
        Assert.Equal(before + 1, host.Nic.FlushCount);
    }

    [Fact]
    public void Without_transmit_buffers_replies_are_dropped_segments_wait_and_nobody_sleeps()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        host.Nic.TransmitFree = 0;
        host.Nic.CompletesAtFlush = false;
        host.Nic.Sent.Clear();
        host.Nic.Arrived.Enqueue(Frames.Echo(Peer, Us, 4));
        host.Nic.Arrived.Enqueue(Frames.Syn(Peer, Us, 7));
        for (int i = 0; i < 10; i++) Assert.True(host.Stack.Poll());
        Assert.Empty(host.Nic.Sent);
        Assert.Equal(1, host.Counters.TransmitExhausted);
        host.Nic.TransmitFree = TestNic.TransmitCount;
        host.Nic.CompletesAtFlush = true;
        Assert.Equal(0x12, SinglePacket(host.Poll(), IpProtocol.Tcp, Peer)[34 + 13]);
    }

    [Fact]
    public void A_packet_too_long_for_its_path_may_be_fragmented_and_others_may_not()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] big = SinglePacket(host.Exchange(Frames.Udp(Peer, 5000, Us, 7, new byte[1400])), IpProtocol.Udp, Peer);
        Assert.Equal(0x40, big[20]);

        byte[] message = new byte[8 + 28];
        message[0] = 3;
        message[1] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), 1280);
        big.AsSpan(14, 28).CopyTo(message.AsSpan(8));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message, 0));
        Assert.Empty(host.Exchange(Frames.Ipv4(IpProtocol.Icmp, Gateway, Us, message)));
        Assert.Equal(1, host.Counters.IcmpFragmentationNeeded);

        big = SinglePacket(host.Exchange(Frames.Udp(Peer, 5000, Us, 7, new byte[1400])), IpProtocol.Udp, Peer);
        Assert.Equal(0x00, big[20]);
        int first = BinaryPrimitives.ReadUInt16BigEndian(big.AsSpan(18));
        big = SinglePacket(host.Exchange(Frames.Udp(Peer, 5000, Us, 7, new byte[1400])), IpProtocol.Udp, Peer);
        Assert.NotEqual(first, BinaryPrimitives.ReadUInt16BigEndian(big.AsSpan(18)));
        byte[] small = SinglePacket(host.Exchange(Frames.Udp(Peer, 5000, Us, 7, new byte[100])), IpProtocol.Udp, Peer);
        Assert.Equal(0x40, small[20]);
    }

    [Fact]
    public void A_message_about_a_packet_of_another_host_changes_nothing()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        byte[] message = new byte[8 + 28];
        message[0] = 3;
        message[1] = 4;
        Ipv4Header.Emit(message.AsSpan(8), 1500, 0, true, IpProtocol.Tcp, Gateway, Peer);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message, 0));
        Assert.Empty(host.Exchange(Frames.Ipv4(IpProtocol.Icmp, Gateway, Us, message)));
        Assert.Equal(0, host.Counters.IcmpFragmentationNeeded);
        Assert.Equal(1, host.Counters.IcmpIgnored);
    }

    [Fact]
    public void The_device_may_vouch_for_checksums()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        host.Nic.VouchesForChecksums = true;
        byte[] datagram = Altered(Frames.Udp(Peer, 5000, Us, 7, [1, 2, 3]), 41);
        _ = SinglePacket(host.Exchange(datagram), IpProtocol.Udp, Peer);
    }

    [Fact]
    public void Ten_thousand_polls_with_traffic_allocate_nothing()
    {
        StackUnderTest host = new StackUnderTest().Settled();
        host.Nic.IsRecording = false;
        byte[][] frames =
        [
            Frames.Arp(ArpOperation.Request, Peer, Us), Frames.Echo(Peer, Us, 100), Frames.Echo(Far, Us, 100),
            Frames.Syn(Peer, Us, 7), Frames.Syn(Peer, Us, 9), Frames.Udp(Peer, 5000, Us, 9, [1]), new byte[20],
        ];
        var clock = host.Clock;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++) PollOnce(i);
        }));
        Assert.True(host.Counters.IcmpEchoReplies > 100);
        Assert.True(host.Counters.TcpSent > 100);

        void PollOnce(int i)
        {
            host.Nic.Arrived.Enqueue(frames[i % frames.Length]);
            clock.Set(clock.NowMicros + 10_000);
            _ = host.Stack.Poll();
        }
    }

    private static byte[] Altered(byte[] frame, int offset)
    {
        frame[offset] ^= 0x55;
        return frame;
    }
}
