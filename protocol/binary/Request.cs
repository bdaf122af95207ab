using System;
using System.Buffers.Binary;

namespace Memcachier.Protocol.Binary;

/// <summary>
/// A request without its value. Its spans point into the bytes received. Which of the fields mean something depends on
/// the opcode; the others have their default.
/// </summary>
public readonly ref struct Request
{
    public Opcode Opcode { get; init; }

    /// <summary>What the client wants back, as it came.</summary>
    public uint Opaque { get; init; }

    /// <summary>The cas unique that the item must have; 0 for any.</summary>
    public ulong Cas { get; init; }

    /// <summary>Bytes of the value that follows.</summary>
    public int ValueLength { get; init; }

    public ReadOnlySpan<byte> Extras { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The client's flags, of set, add and replace.</summary>
    public uint Flags => BinaryPrimitives.ReadUInt32BigEndian(Extras);

    /// <summary>The exptime, in seconds, of set, add and replace; of increment and decrement; of the others.</summary>
    public uint Expiration => Extras.Length < sizeof(uint)
        ? 0
        : BinaryPrimitives.ReadUInt32BigEndian(Extras.Slice(Extras.Length - sizeof(uint)));

    /// <summary>How much increment and decrement change the number.</summary>
    public ulong Delta => BinaryPrimitives.ReadUInt64BigEndian(Extras);

    /// <summary>The number that a missing one becomes.</summary>
    public ulong Initial => BinaryPrimitives.ReadUInt64BigEndian(Extras.Slice(sizeof(ulong)));
}
