using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Memcachier.Kernel.Base;

/// <summary>
/// xoshiro256** (Blackman and Vigna, 2018): fast, seedable, reproducible. Not for secrets: those come from
/// <see cref="Platform.IEntropy"/>.
/// </summary>
public struct Prng
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Every seed, zero included, gives a full-period state (expanded by SplitMix64).</summary>
    public Prng(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, <paramref name="limit"/>), with a bias below 2^-32. The limit is at least 1.</summary>
    public uint Below(uint limit)
    {
        Invariant.Holds(limit >= 1);
        return (uint)((Next() >> 32) * limit >> 32);
    }

    /// <summary>True with probability <paramref name="numerator"/> / <paramref name="denominator"/>.</summary>
    public bool Chance(uint numerator, uint denominator) => Below(denominator) < numerator;

    /// <summary>Fills <paramref name="destination"/> with the generator's next bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
            destination = destination.Slice(sizeof(ulong));
        }
        for (ulong rest = Next(); destination.Length > 0; rest >>= 8)
        {
            destination[0] = (byte)rest;
            destination = destination.Slice(1);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
