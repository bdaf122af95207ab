using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Memcachier.Bench.Guest;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Peer;

/// <summary>The machine on which all clients are: the only other one on the guest's Ethernet.</summary>
internal sealed class PeerStation
{
    /// <summary>A guest takes no more frames in a round, and its ring has room for them.</summary>
    public const int FramesPerRoundMax = 64;

    private const int TransportOffset = EthernetFrame.HeaderSize + Ipv4Header.MinSize;
    private const ushort FirstPort = 32_768;

    private static readonly MacAddress Hardware = MacAddress.Read([2, 0, 0, 0, 0, 2]);

    private readonly GuestCable _cable;
    private readonly Dictionary<ushort, PeerConnection> _byPort = [];
    private readonly List<PeerConnection> _connections = [];
    private readonly byte[] _segment = new byte[TcpHeader.MaxSize + PeerConnection.TextMax];
    private MacAddress _guestHardware = MacAddress.Broadcast;
    private ushort _nextPort = FirstPort;
    private ushort _identification;
    private int _turn;
    private uint _clock = 1;
    private bool _isArpReplyDue;

    public PeerStation(GuestCable cable) => _cable = cable;

    public static IpAddress Address => IpAddress.FromV4(10, 0, 0, 2);

    public static IpAddress GuestAddress => IpAddress.FromV4(10, 0, 0, 15);

    /// <summary>True once it is known where frames to the guest go.</summary>
    public bool IsResolved => _guestHardware != MacAddress.Broadcast;

    public PeerConnection Connect(ushort port)
    {
        var connection = new PeerConnection(_nextPort++, port);
        _byPort.Add(connection.LocalPort, connection);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Ends all connections at once.</summary>
    public void Reset()
    {
        foreach (PeerConnection each in _connections) Send(each.EmitReset(_segment));
        _byPort.Clear();
        _connections.Clear();
        _turn = 0;
    }

    /// <summary>Ends a connection that the guest has closed.</summary>
    public void Forget(PeerConnection connection)
    {
        Send(connection.EmitReset(_segment));
        _ = _byPort.Remove(connection.LocalPort);
        _ = _connections.Remove(connection);
        _turn = 0;
    }

    /// <summary>Asks who has the guest's address.</summary>
    public void Resolve() => SendArp(ArpOperation.Request, MacAddress.Broadcast);

    /// <summary>Sends what is due, up to what a round takes in: each connection in its turn.</summary>
    public void Send()
    {
        _clock++;
        if (_isArpReplyDue) SendArp(ArpOperation.Reply, _guestHardware);
        _isArpReplyDue = false;
        int count = 0;
        for (int i = 0; i < _connections.Count; i++)
        {
            PeerConnection connection = _connections[_turn];
            while (count < FramesPerRoundMax && connection.TryEmit(_segment, _clock, out int length))
            {
                Send(length);
                count++;
            }
            if (count == FramesPerRoundMax) return;
            _turn = (_turn + 1) % _connections.Count;
        }
    }

    /// <summary>Hears what the guest has sent. Returns how many frames it was.</summary>
    public int Hear()
    {
        int count = 0;
        for (; _cable.TryTake(out Span<byte> octets); count++)
        {
            if (!EthernetFrame.TryParse(octets, out EthernetFrame frame)) continue;
            if (frame.EtherType == EtherType.Arp) HearArp(frame.Payload);
            else if (frame.EtherType == EtherType.Ipv4) HearIp(frame.Payload);
        }
        return count;
    }

    private void HearArp(Span<byte> octets)
    {
        if (!ArpPacket.TryParse(octets, out ArpPacket packet) || packet.SenderProtocol != GuestAddress) return;
        _guestHardware = packet.SenderHardware;
        _isArpReplyDue |= packet.Operation == ArpOperation.Request && packet.TargetProtocol == Address;
    }

    private void HearIp(Span<byte> octets)
    {
        if (!Ipv4Header.TryParse(octets, out Ipv4Header packet) || packet.Protocol != IpProtocol.Tcp) return;
        Span<byte> text = packet.Payload;
        uint pseudo = InternetChecksum.PseudoHeaderSum(
            packet.Source, packet.Destination, TcpHeader.Protocol, text.Length);
        if (InternetChecksum.Compute(text, pseudo) != 0)
            throw new LoadTestException("the guest sends a wrong checksum");
        if (!TcpHeader.TryParse(text, out TcpHeader segment))
            throw new LoadTestException("the guest sends half a segment");
        if (_byPort.TryGetValue(segment.DestinationPort, out PeerConnection? connection)) connection.Arrives(segment);
    }

    private void Send(int length)
    {
        uint pseudo = InternetChecksum.PseudoHeaderSum(Address, GuestAddress, TcpHeader.Protocol, length);
        Span<byte> frame = _cable.Add(TransportOffset + length);
        Span<byte> segment = frame[TransportOffset..];
        _segment.AsSpan(0, length).CopyTo(segment);
        BinaryPrimitives.WriteUInt16BigEndian(
            segment[TcpHeader.ChecksumOffset..], InternetChecksum.Compute(segment, pseudo));
        Ipv4Header.Emit(
            frame[EthernetFrame.HeaderSize..], Ipv4Header.MinSize + length, _identification++, isDontFragment: true,
            IpProtocol.Tcp, Address, GuestAddress);
        EthernetFrame.Emit(frame, _guestHardware, Hardware, EtherType.Ipv4);
    }

    private void SendArp(ArpOperation operation, MacAddress target)
    {
        Span<byte> frame = _cable.Add(EthernetFrame.HeaderSize + ArpPacket.Size);
        EthernetFrame.Emit(frame, target, Hardware, EtherType.Arp);
        ArpPacket.Emit(frame[EthernetFrame.HeaderSize..], operation, Hardware, Address, target, GuestAddress);
    }
}
