using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>
/// An endless stream of bytes that is known at every position. Its period is a prime, so that no segment, chunk or window
/// put in the wrong place fits there.
/// </summary>
public sealed class Pattern
{
    private const int Period = 1_000_003;

    private readonly byte[] _octets = new byte[Period];

    public Pattern(ulong seed)
    {
        var random = new Prng(seed);
        random.Fill(_octets);
    }

    /// <summary>The bytes at a position of the stream: at least one, at most <paramref name="lengthMax"/>.</summary>
    public ReadOnlySpan<byte> At(long position, int lengthMax)
    {
        int offset = (int)(position % Period);
        return _octets.AsSpan(offset, Math.Min(lengthMax, Period - offset));
    }

    public bool Matches(long position, ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0)
        {
            ReadOnlySpan<byte> expected = At(position, octets.Length);
            if (!octets.Slice(0, expected.Length).SequenceEqual(expected)) return false;
            octets = octets.Slice(expected.Length);
            position += expected.Length;
        }
        return true;
    }
}
