using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Memory;

/// <summary>
/// A fixed range of memory that no garbage collector and no allocator touches: the one door from an address to a
/// <see cref="Span{T}"/>. Every slice is checked against the range.
/// </summary>
public readonly unsafe struct Region
{
    private readonly byte* _start;
    private readonly long _length;

    private Region(byte* start, long length)
    {
        _start = start;
        _length = length;
    }

    /// <summary>Size in bytes.</summary>
    public long Length => _length;

    /// <summary>The address of the first byte; for device registers and page tables.</summary>
    public nuint Address => (nuint)_start;

    /// <summary>
    /// Names the memory at <paramref name="address"/>. The caller owns it for as long as the region is used.
    /// </summary>
    public static Region At(nuint address, long length)
    {
        Invariant.Holds(length >= 0);
        return new Region((byte*)address, length);
    }

    /// <summary>The bytes from <paramref name="offset"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Slice(long offset, int length)
    {
        Invariant.Holds((ulong)offset <= (ulong)_length);
        Invariant.Holds((ulong)(uint)length <= (ulong)(_length - offset));
        // SAFETY: both ends were just checked against the range that this region owns.
        return new Span<byte>(_start + offset, length);
    }

    /// <summary>All bytes from <paramref name="offset"/> on, or as many of them as a span can have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> From(long offset)
    {
        Invariant.Holds((ulong)offset <= (ulong)_length);
        // SAFETY: the start was just checked, and from there to the end it is the region's.
        return new Span<byte>(_start + offset, (int)Math.Min(_length - offset, int.MaxValue));
    }

    /// <summary>A part of this region, as a region.</summary>
    public Region Part(long offset, long length)
    {
        Invariant.Holds((ulong)offset <= (ulong)_length);
        Invariant.Holds((ulong)length <= (ulong)(_length - offset));
        return new Region(_start + offset, length);
    }
}
