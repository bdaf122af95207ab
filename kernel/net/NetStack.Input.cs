using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net;

/// <content>What arrives.</content>
public sealed partial class NetStack<TClock, TDevice, TTcpApplication, TUdpApplication>
{
    /// <summary>
    /// Hot: once per frame. What nearly every frame is, a plain TCP segment to our address, is told by a few comparisons
    /// of words; anything else is looked at field by field.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Arrives(Span<byte> octets, bool isChecksumValid, long nowMicros)
    {
        if (EthernetFrame.TryParse(octets, out EthernetFrame frame) &&
            frame.Destination == Interface.MacAddress &&
            frame.EtherType == EtherType.Ipv4 &&
            Ipv4Input.IsPlainlyForUs(frame.Payload, Interface, out Ipv4HeaderWords header) &&
            header.Protocol == IpProtocol.Tcp)
        {
            Counters.TcpReceived++;
            Span<byte> segment = frame.Payload.Slice(Ipv4HeaderWords.Size, header.TotalLength - Ipv4HeaderWords.Size);
            Tcp.Arrives(header.Source, header.Destination, segment, isChecksumValid, nowMicros);
            return;
        }
        ArrivesSlow(octets, isChecksumValid, nowMicros);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ArrivesSlow(Span<byte> octets, bool isChecksumValid, long nowMicros)
    {
        if (!EthernetFrame.TryParse(octets, out EthernetFrame frame))
        {
            Counters.FramesMalformed++;
            return;
        }
        bool isBroadcast = frame.Destination == MacAddress.Broadcast;
        if (!isBroadcast && frame.Destination != Interface.MacAddress)
        {
            Counters.FramesNotForUs++;
            return;
        }
        switch (frame.EtherType)
        {
            case EtherType.Ipv4: ArrivesIpv4(frame.Payload, isBroadcast, isChecksumValid, nowMicros); break;
            case EtherType.Arp: ArrivesArp(frame.Payload, nowMicros); break;
            default: Counters.FramesUnknownType++; break;
        }
    }

    private void ArrivesArp(Span<byte> octets, long nowMicros)
    {
        if (!ArpPacket.TryParse(octets, out ArpPacket packet))
        {
            Counters.ArpMalformed++;
            return;
        }
        if (!_addressResolution.Arrives(in packet, nowMicros)) return;
        MacAddress sender = packet.SenderHardware;
        if (_link.TrySendArp(ArpOperation.Reply, sender, sender, packet.SenderProtocol)) Counters.ArpRepliesSent++;
        else Counters.TransmitExhausted++;
    }

    private void ArrivesIpv4(Span<byte> octets, bool isLinkBroadcast, bool isChecksumValid, long nowMicros)
    {
        Ipv4Verdict verdict = Ipv4Input.Judge(octets, Interface, out Ipv4Header packet);
        // RFC 1122 §3.3.6: "SHOULD silently discard a datagram that is received via a link-layer broadcast" but is
        // addressed to one host.
        if (isLinkBroadcast && verdict == Ipv4Verdict.ForUs) verdict = Ipv4Verdict.NotForUs;
        switch (verdict)
        {
            case Ipv4Verdict.ForUs:
                Deliver(in packet, isChecksumValid, nowMicros);
                break;
            case Ipv4Verdict.ForEveryone:
            case Ipv4Verdict.Unaddressed:
                if (packet.Protocol == IpProtocol.Udp) ArrivesUdp(in packet, verdict, isChecksumValid, nowMicros);
                else if (packet.Protocol == IpProtocol.Tcp) Counters.TcpNotUnicast++;
                else Counters.Ipv4NotForUs++;
                break;
            case Ipv4Verdict.Fragment:
                RefuseFragment(in packet, nowMicros);
                break;
            case Ipv4Verdict.Malformed: Counters.Ipv4Malformed++; break;
            case Ipv4Verdict.BadChecksum: Counters.Ipv4BadChecksum++; break;
            case Ipv4Verdict.BadSource: Counters.Ipv4BadSource++; break;
            case Ipv4Verdict.NotForUs: Counters.Ipv4NotForUs++; break;
            default: Invariant.Unreachable(); break;
        }
    }

    private void Deliver(in Ipv4Header packet, bool isChecksumValid, long nowMicros)
    {
        switch (packet.Protocol)
        {
            case IpProtocol.Tcp:
                Counters.TcpReceived++;
                Tcp.Arrives(packet.Source, packet.Destination, packet.Payload, isChecksumValid, nowMicros);
                break;
            case IpProtocol.Udp:
                ArrivesUdp(in packet, Ipv4Verdict.ForUs, isChecksumValid, nowMicros);
                break;
            case IpProtocol.Icmp:
                if (_icmp.Arrives(in packet, out IcmpV4Message message, nowMicros)) Echo(in packet, in message, nowMicros);
                break;
            default:
                // RFC 1122 §3.2.2.1: a host "SHOULD generate" a protocol unreachable.
                Counters.Ipv4UnknownProtocol++;
                Report(in packet, IcmpV4Type.DestinationUnreachable, IcmpV4Message.ProtocolUnreachable, nowMicros);
                break;
        }
    }

    private void ArrivesUdp(in Ipv4Header packet, Ipv4Verdict verdict, bool isChecksumValid, long nowMicros)
    {
        if (!UdpHeader.TryParse(packet.Payload, out UdpHeader header))
        {
            Counters.UdpMalformed++;
            return;
        }
        if (!isChecksumValid && !header.IsChecksumValid(packet.Source, packet.Destination))
        {
            Counters.UdpBadChecksum++;
            return;
        }
        Counters.UdpReceived++;
        if (_dhcp is not null && header.DestinationPort == DhcpMessage.ClientPort)
        {
            ArrivesDhcp(header.Payload, nowMicros);
        }
        else if (verdict == Ipv4Verdict.ForUs && _udpPorts.TryFind(header.DestinationPort, out int handler))
        {
            var datagram = new UdpDatagram(
                packet.Source, header.SourcePort, packet.Destination, header.DestinationPort, header.Payload);
            _udpApplication.Arrives(handler, in datagram, nowMicros);
        }
        else
        {
            // RFC 1122 §4.1.3.1: a host "SHOULD send an ICMP Port Unreachable message" (to a broadcast: never).
            Counters.UdpPortUnreachable++;
            Report(in packet, IcmpV4Type.DestinationUnreachable, IcmpV4Message.PortUnreachable, nowMicros);
        }
    }

    private void ArrivesDhcp(Span<byte> octets, long nowMicros)
    {
        Invariant.Holds(_dhcp is not null);
        DhcpVerdict verdict = DhcpMessage.TryParse(octets, out DhcpMessage message)
            ? _dhcp.Arrives(in message, nowMicros)
            : DhcpVerdict.Ignored;
        switch (verdict)
        {
            case DhcpVerdict.Leased: Counters.DhcpLeases++; break;
            case DhcpVerdict.Refused: Counters.DhcpNaks++; break;
            case DhcpVerdict.Ignored: Counters.DhcpIgnored++; break;
            default: break;
        }
        if (_dhcp.TryTakeChange()) ApplyLease(nowMicros);
    }

    /// <summary>
    /// Reassembly is not done: no client of ours fragments (TCP is told our MSS), and buffers for strangers' fragments
    /// are an old way to exhaust a host. RFC 1122 §3.3.2 wants "fragment reassembly time exceeded" sent when the time
    /// for the rest is over, if the first fragment is there; our time is zero, so the sender learns it at once.
    /// </summary>
    private void RefuseFragment(in Ipv4Header packet, long nowMicros)
    {
        Counters.Ipv4Fragments++;
        Report(in packet, IcmpV4Type.TimeExceeded, IcmpV4Message.ReassemblyTimeExceeded, nowMicros);
    }
}
