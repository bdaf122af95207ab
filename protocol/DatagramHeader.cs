using System;
using System.Buffers.Binary;

namespace Memcachier.Protocol;

/// <summary>
/// What stands before the text or binary protocol in each UDP datagram (memcached's protocol.txt, "UDP protocol").
/// <code>
///   0         2         4         6         8
///   [request  ][sequence ][total    ][reserved ]     big-endian
///    id         number     datagrams  0
/// </code>
/// </summary>
public readonly struct DatagramHeader
{
    public const int Size = 8;

    private const int SequenceOffset = 2;
    private const int TotalOffset = 4;
    private const int ReservedOffset = 6;

    public DatagramHeader(ushort requestId, ushort sequence, ushort total)
    {
        RequestId = requestId;
        Sequence = sequence;
        Total = total;
    }

    /// <summary>Chosen by the client, answered as it is.</summary>
    public ushort RequestId { get; }

    /// <summary>Which datagram of the message it is, from 0.</summary>
    public ushort Sequence { get; }

    /// <summary>Datagrams in the message.</summary>
    public ushort Total { get; }

    /// <summary>Fails for a datagram without anything behind the header. The reserved bytes may be anything.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out DatagramHeader header)
    {
        header = default;
        if (datagram.Length <= Size) return false;
        header = new DatagramHeader(
            BinaryPrimitives.ReadUInt16BigEndian(datagram),
            BinaryPrimitives.ReadUInt16BigEndian(datagram.Slice(SequenceOffset)),
            BinaryPrimitives.ReadUInt16BigEndian(datagram.Slice(TotalOffset)));
        return true;
    }

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void Emit(Span<byte> datagram)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram, RequestId);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.Slice(SequenceOffset), Sequence);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.Slice(TotalOffset), Total);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.Slice(ReservedOffset), 0);
    }
}
