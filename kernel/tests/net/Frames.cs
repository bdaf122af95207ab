using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>Frames that a neighbour sends to the host under test, which is 02:00:00:00:00:01.</summary>
internal static class Frames
{
    public static readonly MacAddress HostMac = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    public static readonly MacAddress PeerMac = MacAddress.Read([2, 0, 0, 0, 0, 2]);

    public static byte[] Arp(
        ArpOperation operation, IpAddress sender, IpAddress target, MacAddress? from = null, bool isBroadcast = true)
    {
        MacAddress source = from ?? PeerMac;
        byte[] frame = new byte[60];
        EthernetFrame.Emit(frame, isBroadcast ? MacAddress.Broadcast : HostMac, source, EtherType.Arp);
        ArpPacket.Emit(frame.AsSpan(14), operation, source, sender, isBroadcast ? default : HostMac, target);
        return frame;
    }

    public static byte[] Ipv4(IpProtocol protocol, IpAddress source, IpAddress destination, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Math.Max(60, 34 + payload.Length)];
        bool isBroadcast = destination.V4Bits == uint.MaxValue;
        EthernetFrame.Emit(frame, isBroadcast ? MacAddress.Broadcast : HostMac, PeerMac, EtherType.Ipv4);
        Ipv4Header.Emit(frame.AsSpan(14), 20 + payload.Length, 7, false, protocol, source, destination);
        payload.CopyTo(frame.AsSpan(34));
        return frame;
    }

    public static byte[] Echo(IpAddress source, IpAddress destination, int length)
    {
        byte[] message = new byte[8 + length];
        message[0] = (byte)IcmpV4Type.EchoRequest;
        message[5] = 0x12;
        for (int i = 8; i < message.Length; i++) message[i] = (byte)i;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message, 0));
        return Ipv4(IpProtocol.Icmp, source, destination, message);
    }

    public static byte[] Udp(
        IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[8 + payload.Length];
        payload.CopyTo(datagram.AsSpan(8));
        UdpHeader.Emit(datagram, sourcePort, destinationPort, datagram.Length);
        SetChecksum(datagram, UdpHeader.ChecksumOffset, IpProtocol.Udp, source, destination);
        return Ipv4(IpProtocol.Udp, source, destination, datagram);
    }

    /// <summary>A SYN with sequence number 1000 from port 40000.</summary>
    public static byte[] Syn(IpAddress source, IpAddress destination, ushort port)
    {
        byte[] segment = new byte[24];
        BinaryPrimitives.WriteUInt16BigEndian(segment, 40000);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), port);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), 1000);
        segment[12] = 6 << 4;
        segment[13] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 65535);
        Convert.FromHexString("020405B4").CopyTo(segment, 20); // MSS 1460
        SetChecksum(segment, 16, IpProtocol.Tcp, source, destination);
        return Ipv4(IpProtocol.Tcp, source, destination, segment);
    }

    /// <summary>Recomputes the checksum of a frame's IPv4 header.</summary>
    public static void FixIpv4Checksum(Span<byte> frame)
    {
        Span<byte> header = frame.Slice(14, 20);
        header[10] = header[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(10), InternetChecksum.Compute(header, 0));
    }

    private static void SetChecksum(
        Span<byte> transport, int offset, IpProtocol protocol, IpAddress source, IpAddress destination)
    {
        uint pseudo = InternetChecksum.PseudoHeaderSum(source, destination, (byte)protocol, transport.Length);
        BinaryPrimitives.WriteUInt16BigEndian(transport.Slice(offset), InternetChecksum.Compute(transport, pseudo));
    }
}
