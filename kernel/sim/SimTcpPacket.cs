using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Sim;

/// <summary>A segment with its two IPv4 addresses before it, in place of the layers below TCP.</summary>
public static class SimTcpPacket
{
    /// <summary>Size in bytes of what stands before the segment.</summary>
    public const int PrefixSize = 8;

    public static void WritePrefix(Span<byte> packet, IpAddress source, IpAddress destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, source.V4Bits);
        BinaryPrimitives.WriteUInt32BigEndian(packet.Slice(4), destination.V4Bits);
    }

    public static void Read(
        Span<byte> packet, out IpAddress source, out IpAddress destination, out Span<byte> segment)
    {
        source = IpAddress.ReadV4(packet);
        destination = IpAddress.ReadV4(packet.Slice(4));
        segment = packet.Slice(PrefixSize);
    }
}
