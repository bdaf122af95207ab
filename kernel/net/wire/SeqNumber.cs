using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// A TCP sequence number: arithmetic is modulo 2^32, and "less than" means "up to 2^31 behind" (RFC 9293 §3.4). The order
/// is therefore not transitive over more than half of the space; windows are at most 2^30, so that never shows.
/// </summary>
public readonly struct SeqNumber : IEquatable<SeqNumber>
{
    public SeqNumber(uint value) => Value = value;

    public uint Value { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SeqNumber operator +(SeqNumber left, int count) => new(left.Value + (uint)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SeqNumber operator +(SeqNumber left, uint count) => new(left.Value + count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SeqNumber operator -(SeqNumber left, int count) => new(left.Value - (uint)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SeqNumber operator -(SeqNumber left, uint count) => new(left.Value - count);

    /// <summary>How far <paramref name="left"/> is ahead of <paramref name="right"/>; negative if it is behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int operator -(SeqNumber left, SeqNumber right) => (int)(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(SeqNumber left, SeqNumber right) => left - right < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >(SeqNumber left, SeqNumber right) => left - right > 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <=(SeqNumber left, SeqNumber right) => left - right <= 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >=(SeqNumber left, SeqNumber right) => left - right >= 0;

    public static bool operator ==(SeqNumber left, SeqNumber right) => left.Value == right.Value;

    public static bool operator !=(SeqNumber left, SeqNumber right) => left.Value != right.Value;

    public bool Equals(SeqNumber other) => Value == other.Value;

    public override bool Equals(object? obj) => obj is SeqNumber other && Equals(other);

    public override int GetHashCode() => (int)Value;
}
