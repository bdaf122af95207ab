using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Tests.Net.Dhcp;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>
/// A router between simulated networks, each of one host: it answers for its own address on each side, learns who is
/// where from what it hears, and forwards. One side may have a DHCP server.
/// </summary>
internal sealed class SimRouter : ISimHost
{
    private readonly SimNetwork _network;
    private readonly List<Side> _sides = [];
    private readonly Dictionary<IpAddress, (Side Side, MacAddress Mac)> _heard = [];

    public SimRouter(SimWorld world)
    {
        _network = world.Network;
        world.Add(this);
    }

    public long NextTimerMicros => long.MaxValue;

    public long ForwardedCount { get; private set; }

    /// <summary>Adds a side; returns its port.</summary>
    public int AddSide(IpAddress address, ModelServer? dhcp = null)
    {
        int port = _network.AddPort();
        _sides.Add(new Side(port, address, MacAddress.Read([2, 0, 0, 0, 1, (byte)port]), dhcp));
        return port;
    }

    public void Run(long nowMicros)
    {
        foreach (Side side in _sides)
        {
            while (_network.TryReceive(side.Port, out Span<byte> frame, out int token))
            {
                Arrives(side, frame);
                _network.Recycle(token);
            }
        }
    }

    private void Arrives(Side side, Span<byte> octets)
    {
        if (!EthernetFrame.TryParse(octets, out EthernetFrame frame)) return;
        if (ArpPacket.TryParse(frame.Payload, out ArpPacket arp)) ArrivesArp(side, in arp);
        else if (frame.Destination == MacAddress.Broadcast) ArrivesBroadcast(side, frame.Payload);
        else if (frame.Destination == side.Mac) Forward(octets);
    }

    private void ArrivesArp(Side side, in ArpPacket arp)
    {
        if (!arp.SenderProtocol.IsUnspecifiedV4) _heard[arp.SenderProtocol] = (side, arp.SenderHardware);
        if (arp.Operation != ArpOperation.Request || arp.TargetProtocol != side.Address) return;
        byte[] reply = new byte[42];
        EthernetFrame.Emit(reply, arp.SenderHardware, side.Mac, EtherType.Arp);
        ArpPacket.Emit(
            reply.AsSpan(14), ArpOperation.Reply, side.Mac, side.Address, arp.SenderHardware, arp.SenderProtocol);
        _network.Send(side.Port, reply);
    }

    private void Forward(Span<byte> octets)
    {
        if (!Ipv4Header.TryParse(octets[14..], out Ipv4Header packet) || !packet.IsChecksumValid) return;
        if (!_heard.TryGetValue(packet.Destination, out (Side Side, MacAddress Mac) to)) return;
        EthernetFrame.Emit(octets, to.Mac, to.Side.Mac, EtherType.Ipv4);
        ForwardedCount++;
        _network.Send(to.Side.Port, octets);
    }

    private void ArrivesBroadcast(Side side, Span<byte> octets)
    {
        if (side.Dhcp is null) return;
        if (!Ipv4Header.TryParse(octets, out Ipv4Header packet) || !packet.IsChecksumValid) return;
        if (!UdpHeader.TryParse(packet.Payload, out UdpHeader udp)) return;
        if (!udp.IsChecksumValid(packet.Source, packet.Destination)) return;
        if (udp.DestinationPort != DhcpMessage.ServerPort) return;
        if (!DhcpMessage.TryParse(udp.Payload, out DhcpMessage message)) return;
        byte[]? answer = side.Dhcp.Arrives(udp.Payload.ToArray());
        if (answer is null) return;
        byte[] frame = Frames.Udp(
            side.Address, DhcpMessage.ServerPort, side.Dhcp.Offered, DhcpMessage.ClientPort, answer);
        EthernetFrame.Emit(frame, message.Chaddr, side.Mac, EtherType.Ipv4);
        _network.Send(side.Port, frame);
    }

    private sealed record Side(int Port, IpAddress Address, MacAddress Mac, ModelServer? Dhcp);
}
