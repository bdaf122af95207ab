using System;
using System.Buffers.Binary;

namespace Memcachier.BootTests.Frames;

/// <summary>A segment the guest sent, its checksum verified.</summary>
internal sealed record TcpSegment(ushort FromPort, ushort ToPort, uint Seq, uint Ack, TcpFlags Flags, byte[] Data)
{
    public bool Has(TcpFlags flags) => (Flags & flags) == flags;

    public static TcpSegment Parse(ReadOnlySpan<byte> segment)
    {
        int headerSize = (segment[12] >> 4) * 4;
        return new TcpSegment(
            BinaryPrimitives.ReadUInt16BigEndian(segment),
            BinaryPrimitives.ReadUInt16BigEndian(segment[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(segment[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(segment[8..]),
            (TcpFlags)segment[13],
            segment[headerSize..].ToArray());
    }
}
