using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Capture;

/// <summary>Which frames a <see cref="PacketCapture"/> keeps: all, or those of one host, of one port, or of both.</summary>
public readonly struct CaptureFilter
{
    private const int PortsLength = 4;

    /// <summary>An IPv4 address that is a packet's source or destination; unspecified for any.</summary>
    public IpAddress Host { get; init; }

    /// <summary>A TCP or UDP port that is a packet's source or destination; 0 for any.</summary>
    public ushort Port { get; init; }

    /// <summary>
    /// The peer's end of a connection that is left out: the one that carries the capture, which would capture itself.
    /// Port 0 for none.
    /// </summary>
    public ushort ExceptPort { get; init; }

    /// <summary>See <see cref="ExceptPort"/>.</summary>
    public IpAddress ExceptHost { get; init; }

    private bool HasHost => Host != default && !Host.IsUnspecifiedV4;

    /// <summary>
    /// Hot: once a frame while a capture runs. Whether a frame is one of these. One that cannot be read is, if all are; a later fragment, which has no ports, is
    /// none of a port's.
    /// </summary>
    public bool Matches(Span<byte> octets)
    {
        bool hasHost = HasHost;
        if (hasHost && IsOfOthers(octets)) return false;
        bool isAny = !hasHost && Port == 0;
        if (!EthernetFrame.TryParse(octets, out EthernetFrame frame)) return isAny;
        if (frame.EtherType == EtherType.Arp) return isAny || MatchesArp(frame.Payload);
        if (frame.EtherType != EtherType.Ipv4) return isAny;
        if (!Ipv4Header.TryParse(frame.Payload, out Ipv4Header packet)) return isAny;
        if (hasHost && packet.Source != Host && packet.Destination != Host) return false;
        return MatchesPorts(in packet);
    }

    /// <summary>Most frames are not the host's: this is soon said of an IPv4 packet, be it whole or not.</summary>
    private bool IsOfOthers(Span<byte> octets)
    {
        if (!EthernetFrame.TryParse(octets, out EthernetFrame frame) || frame.EtherType != EtherType.Ipv4) return false;
        if (frame.Payload.Length < Ipv4Header.MinSize) return true;
        ulong addresses = BinaryPrimitives.ReadUInt64BigEndian(frame.Payload.Slice(Ipv4Header.AddressesOffset));
        return (uint)(addresses >> 32) != Host.V4Bits && (uint)addresses != Host.V4Bits;
    }

    private bool MatchesArp(Span<byte> octets)
    {
        if (Port != 0 || !ArpPacket.TryParse(octets, out ArpPacket packet)) return false;
        return packet.SenderProtocol == Host || packet.TargetProtocol == Host;
    }

    private bool MatchesPorts(in Ipv4Header packet)
    {
        bool hasPorts = packet.Protocol is IpProtocol.Tcp or IpProtocol.Udp
            && packet.HasOffsetZero && packet.Payload.Length >= PortsLength;
        if (!hasPorts) return Port == 0;
        ushort source = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload);
        ushort destination = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload.Slice(2));
        if (ExceptPort != 0)
        {
            if (source == ExceptPort && packet.Source == ExceptHost) return false;
            if (destination == ExceptPort && packet.Destination == ExceptHost) return false;
        }
        return Port == 0 || source == Port || destination == Port;
    }
}
