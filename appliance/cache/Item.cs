using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>
/// An item where it lies in its segment. Valid until the store's next operation: nothing here is a copy.
/// </summary>
public readonly ref struct Item
{
    /// <summary>What ends every stored value, so that a reply is one contiguous piece.</summary>
    internal const int TerminatorLength = 2;

    private readonly ref ItemHeader _header;
    private readonly Span<byte> _octets;

    internal Item(ref ItemHeader header, Span<byte> octets, uint location)
    {
        _header = ref header;
        _octets = octets;
        Location = location;
    }

    /// <summary>The client's flags.</summary>
    public uint Flags => _header.Flags;

    /// <summary>The cas unique.</summary>
    public ulong Cas => _header.Cas;

    public int ValueLength => _header.ValueLength;

    public ReadOnlySpan<byte> Key => _octets.Slice(ItemHeader.Size, _header.KeyLength);

    public ReadOnlySpan<byte> Value => MutableValue.Slice(0, _header.ValueLength);

    /// <summary>The value and its CR LF: a reply's data block.</summary>
    public ReadOnlySpan<byte> DataBlock => MutableValue;

    internal uint Location { get; }

    internal ref ItemHeader Header => ref _header;

    /// <summary>Bytes it takes in its segment, padding not counted.</summary>
    internal int Length => _octets.Length;

    internal int ValueOffset => ItemHeader.Size + _header.KeyLength;

    internal Span<byte> MutableKey => _octets.Slice(ItemHeader.Size, _header.KeyLength);

    internal Span<byte> MutableValue => _octets.Slice(ValueOffset);

    internal Span<byte> Octets => _octets;

    internal bool IsLinked
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_header.Marks & ItemMarks.Linked) != 0;
    }

    /// <summary>The bytes of an item in its segment, padding not counted.</summary>
    internal static int LengthOf(int keyLength, int valueLength) =>
        ItemHeader.Size + keyLength + valueLength + TerminatorLength;
}
