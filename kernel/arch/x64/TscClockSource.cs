using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>Turns time-stamp counts into microseconds since the machine entered the image.</summary>
public sealed class TscClockSource
{
    private readonly ulong _entry;
    private readonly ulong _hertz;

    // Microseconds per tick as a fraction of 2^64: a multiplication instead of a division per reading. A frequency above
    // 1 MHz keeps it below one.
    private readonly ulong _microsPerTick;

    /// <param name="entryTimestamp">The counter at entry.</param>
    /// <param name="hertz">Counts per second, above 1 MHz.</param>
    public TscClockSource(ulong entryTimestamp, ulong hertz)
    {
        Invariant.Holds(hertz > 1_000_000);
        _entry = entryTimestamp;
        _hertz = hertz;
        // 2^64 * 10^6 / hertz in two steps, because 2^64 does not fit.
        ulong high = (1_000_000UL << 32) / hertz;
        ulong rest = (1_000_000UL << 32) % hertz;
        _microsPerTick = (high << 32) + ((rest << 32) / hertz);
    }

    /// <summary>Counts per second.</summary>
    public ulong Hertz => _hertz;

    /// <summary>Hot: once per poll round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Micros(ulong timestamp) => (long)Math.BigMul(timestamp - _entry, _microsPerTick, out _);

    /// <summary>How many counts <paramref name="micros"/> microseconds are, up to an hour.</summary>
    public ulong Ticks(long micros)
    {
        Invariant.Holds((ulong)micros <= 3_600_000_000);
        return (ulong)micros * (_hertz / 1000) / 1000;
    }
}
