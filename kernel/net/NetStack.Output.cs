using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Net;

/// <content>What is sent.</content>
public sealed partial class NetStack<TClock, TDevice, TTcpApplication, TUdpApplication>
{
    private void Echo(in Ipv4Header packet, in IcmpV4Message request, long nowMicros)
    {
        if (!TryRentForReply(out TransmitFrame frame)) return;
        int length = IcmpV4Message.EmitEchoReply(_link.Transport(in frame), in request);
        _link.SendIpv4(in frame, IpProtocol.Icmp, packet.Destination, packet.Source, length, default, nowMicros);
        Counters.IcmpEchoReplies++;
    }

    private void Report(in Ipv4Header packet, IcmpV4Type type, byte code, long nowMicros)
    {
        if (!_icmp.MayReport(in packet, nowMicros)) return;
        if (!TryRentForReply(out TransmitFrame frame)) return;
        int length = IcmpV4Message.EmitError(_link.Transport(in frame), type, code, packet.Packet);
        _link.SendIpv4(in frame, IpProtocol.Icmp, packet.Destination, packet.Source, length, default, nowMicros);
        Counters.IcmpErrorsSent++;
    }

    private bool TryRentForReply(out TransmitFrame frame)
    {
        if (_link.TryRent(out frame)) return true;
        Counters.TransmitExhausted++;
        return false;
    }

    /// <summary>Hot: twice a round, though there is hardly ever anything to send.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EmitArp(long nowMicros)
    {
        bool isDue = nowMicros >= _announcer.NextTimerMicros || nowMicros >= _arp.NextTimerMicros;
        if (isDue || _link.HasReady) EmitArpSlow(nowMicros);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EmitArpSlow(long nowMicros)
    {
        if (_announcer.TryTakeAnnouncement(nowMicros))
        {
            // RFC 5227 §3: an announcement is a request for our own address.
            _ = TrySendArpRequest(Interface.Address, MacAddress.Broadcast);
        }
        while (_arp.TryTakeRequest(nowMicros, out ArpRequest request))
        {
            if (!TrySendArpRequest(request.Target, request.Destination)) break;
        }
        _link.SendReady();
    }

    /// <summary>A request that finds no transmit buffer is as good as lost on the wire: its timer repeats it.</summary>
    private bool TrySendArpRequest(IpAddress target, MacAddress destination)
    {
        if (!_link.TrySendArp(ArpOperation.Request, destination, default, target))
        {
            Counters.TransmitExhausted++;
            return false;
        }
        Counters.ArpRequestsSent++;
        return true;
    }

    private void EmitDhcp(long nowMicros)
    {
        Invariant.Holds(_dhcp is not null);
        if (nowMicros < _dhcp.NextTimerMicros) return;
        if (!_link.TryRent(out TransmitFrame frame)) return;
        Span<byte> room = _link.Transport(in frame).Slice(UdpHeader.Size);
        if (!_dhcp.TryEmit(room, nowMicros, out DhcpOutput output))
        {
            _link.Return(in frame);
            return;
        }
        var addressed = new UdpOutput(
            DhcpMessage.ClientPort, output.Destination, DhcpMessage.ServerPort, output.Length);
        SendUdp(in frame, output.Source, addressed, nowMicros);
    }

    private void EmitUdp(long nowMicros)
    {
        if (!Interface.IsConfigured) return;
        for (int count = 0; count < TransmitBatch; count++)
        {
            if (!_link.TryRent(out TransmitFrame frame)) return;
            Span<byte> room = _link.Transport(in frame).Slice(UdpHeader.Size);
            if (!_udpApplication.TryEmit(room, nowMicros, out UdpOutput output))
            {
                _link.Return(in frame);
                return;
            }
            Invariant.Holds((uint)output.Length <= (uint)room.Length);
            SendUdp(in frame, Interface.Address, output, nowMicros);
        }
    }

    /// <summary>Puts the header before a payload that is in place, and sends.</summary>
    private void SendUdp(in TransmitFrame frame, IpAddress source, UdpOutput output, long nowMicros)
    {
        int length = UdpHeader.Size + output.Length;
        Span<byte> datagram = _link.Transport(in frame).Slice(0, length);
        UdpHeader.Emit(datagram, output.SourcePort, output.DestinationPort, length);
        _link.SendTransport(
            in frame, IpProtocol.Udp, UdpHeader.ChecksumOffset, source, output.Destination, length, nowMicros);
        Counters.UdpSent++;
    }

    /// <summary>Hot: a frame is rented when there may be a segment for it, and not to find out.</summary>
    private void EmitTcp(long nowMicros)
    {
        for (int count = 0; count < TransmitBatch && Tcp.MayEmit; count++)
        {
            if (!_link.TryRent(out TransmitFrame frame)) return;
            Span<byte> room = _link.Transport(in frame);
            if (!Tcp.TryEmit(room, nowMicros, out TcpOutput output))
            {
                _link.Return(in frame);
                return;
            }
            _link.SendTransport(
                in frame,
                IpProtocol.Tcp,
                TcpHeader.ChecksumOffset,
                output.Source,
                output.Destination,
                output.Length,
                nowMicros);
            Counters.TcpSent++;
        }
    }
}
