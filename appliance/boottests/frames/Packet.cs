using System;
using System.Buffers.Binary;
using System.Net;

namespace Memcachier.BootTests.Frames;

/// <summary>
/// Writes packets, right ones. Independent of the kernel's own views on purpose: a mistake there must not hide itself
/// here.
/// </summary>
internal static class Packet
{
    public const int EthernetHeaderSize = 14;
    public const int Ipv4HeaderSize = 20;
    public const int TcpHeaderSize = 20;
    public const ushort EtherTypeIpv4 = 0x0800;
    public const ushort EtherTypeArp = 0x0806;
    public const byte ProtocolIcmp = 1;
    public const byte ProtocolTcp = 6;
    public const byte ProtocolUdp = 17;

    private const byte TimeToLive = 64;
    private const ushort ArpHardwareEthernet = 1;

    public static byte[] Ethernet(
        ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, ushort type, ReadOnlySpan<byte> payload) =>
        [.. to, .. from, .. U16(type), .. payload];

    /// <summary>RFC 826. Operation 1 asks, 2 answers.</summary>
    public static byte[] Arp(
        ushort operation, ReadOnlySpan<byte> fromMac, IPAddress from, ReadOnlySpan<byte> toMac, IPAddress to) =>
        [
            .. U16(ArpHardwareEthernet), .. U16(EtherTypeIpv4), 6, 4, .. U16(operation),
            .. fromMac, .. from.GetAddressBytes(), .. toMac, .. to.GetAddressBytes(),
        ];

    public static byte[] Ipv4(
        IPAddress from, IPAddress to, byte protocol, ReadOnlySpan<byte> payload, ushort fragment = 0, ushort id = 1)
    {
        byte[] packet =
        [
            0x45, 0, .. U16((ushort)(Ipv4HeaderSize + payload.Length)), .. U16(id), .. U16(fragment),
            TimeToLive, protocol, 0, 0, .. from.GetAddressBytes(), .. to.GetAddressBytes(), .. payload,
        ];
        FixIpv4Checksum(packet);
        return packet;
    }

    /// <summary>RFC 792.</summary>
    public static byte[] IcmpEcho(ushort id, ushort sequence, ReadOnlySpan<byte> data)
    {
        byte[] message = [8, 0, 0, 0, .. U16(id), .. U16(sequence), .. data];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message, 0));
        return message;
    }

    public static byte[] Udp(IPAddress from, IPAddress to, ushort fromPort, ushort toPort, ReadOnlySpan<byte> data)
    {
        byte[] datagram = [.. U16(fromPort), .. U16(toPort), .. U16((ushort)(8 + data.Length)), 0, 0, .. data];
        ushort checksum = Checksum(datagram, PseudoHeaderSum(from, to, ProtocolUdp, datagram.Length));
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), checksum == 0 ? ushort.MaxValue : checksum);
        return datagram;
    }

    /// <summary>RFC 9293 §3.1. <paramref name="options"/> are padded with zeros to whole words.</summary>
    public static byte[] Tcp(
        IPAddress from, IPAddress to, ushort fromPort, ushort toPort, uint seq, uint ack, TcpFlags flags, ushort window,
        ReadOnlySpan<byte> options, ReadOnlySpan<byte> data)
    {
        int optionsSize = (options.Length + 3) & ~3;
        byte[] segment =
        [
            .. U16(fromPort), .. U16(toPort), .. U32(seq), .. U32(ack),
            (byte)((TcpHeaderSize + optionsSize) / 4 << 4), (byte)flags, .. U16(window), 0, 0, 0, 0,
            .. options, .. new byte[optionsSize - options.Length], .. data,
        ];
        FixTcpChecksum(segment, from, to);
        return segment;
    }

    public static void FixIpv4Checksum(Span<byte> packet)
    {
        int headerSize = Math.Min((packet[0] & 0xf) * 4, packet.Length);
        packet[10] = packet[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum(packet[..headerSize], 0));
    }

    public static void FixTcpChecksum(Span<byte> segment, IPAddress from, IPAddress to)
    {
        segment[16] = segment[17] = 0;
        ushort checksum = Checksum(segment, PseudoHeaderSum(from, to, ProtocolTcp, segment.Length));
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], checksum);
    }

    /// <summary>RFC 1071.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (int i = 0; i + 1 < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        if (bytes.Length % 2 != 0)
            sum += (uint)bytes[^1] << 8;
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint PseudoHeaderSum(IPAddress from, IPAddress to, byte protocol, int length)
    {
        ReadOnlySpan<byte> addresses = [.. from.GetAddressBytes(), .. to.GetAddressBytes()];
        uint sum = protocol + (uint)length;
        for (int i = 0; i < addresses.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(addresses[i..]);
        return sum;
    }

    private static byte[] U16(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] U32(uint value) => [.. U16((ushort)(value >> 16)), .. U16((ushort)value)];
}
