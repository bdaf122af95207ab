using System;
using System.Buffers.Binary;

namespace Memcachier.Protocol.Binary;

/// <summary>An answer taken apart. Its spans point into the bytes received.</summary>
public readonly ref struct Reply
{
    public Opcode Opcode { get; init; }

    public Status Status { get; init; }

    public uint Opaque { get; init; }

    public ulong Cas { get; init; }

    public ReadOnlySpan<byte> Extras { get; init; }

    /// <summary>The key of getk and gatk, the name of a statistic.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The value of an item or a statistic, or what is said beside a status.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The client's flags of an item, 0 if there are none.</summary>
    public uint Flags => Extras.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(Extras) : 0;

    /// <summary>The answer to increment and decrement, 0 if this is none.</summary>
    public ulong Number => Value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(Value) : 0;
}
