using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>Turns time-stamp counts into microseconds since the machine entered the image.</summary>
public sealed class TscClockSource
{
    private const int DigitBits = 16;

    private readonly ulong _entry;
    private readonly ulong _hertz;

    // Microseconds per tick as a fraction of 2^64: a multiplication instead of a division per reading. A frequency above
    // 1 MHz keeps it below one.
    private readonly ulong _microsPerTick;

    /// <param name="entryTimestamp">The counter at entry.</param>
    /// <param name="hertz">Counts per second, above 1 MHz and below 2^48.</param>
    public TscClockSource(ulong entryTimestamp, ulong hertz)
    {
        Invariant.Holds(hertz > 1_000_000);
        Invariant.Holds(hertz < 1UL << (64 - DigitBits));
        _entry = entryTimestamp;
        _hertz = hertz;
        // 2^64 * 10^6 / hertz as a long division, sixteen bits a digit, because 2^64 does not fit.
        ulong rest = 1_000_000;
        for (int bits = 0; bits < 64; bits += DigitBits)
        {
            rest <<= DigitBits;
            _microsPerTick = _microsPerTick << DigitBits | rest / hertz;
            rest %= hertz;
        }
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
