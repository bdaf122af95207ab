using System;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Corelib;

/// <summary>The loops over bytes of what is compiled for any x86-64 processor. They are never asked for less than 32.</summary>
public sealed class HalfVectorsTests
{
    private const int SizeMin = 32;
    private const int SizeMax = 150;
    private const int Margin = 40;

    [Fact]
    public void Memmove_copies_every_size_over_every_distance()
    {
        byte[] original = Bytes(1, 4 * SizeMax);
        byte[] memory = new byte[4 * SizeMax];
        byte[] expected = new byte[4 * SizeMax];
        for (int size = SizeMin; size <= SizeMax; size++)
        {
            for (int to = 0; to <= memory.Length - size; to++)
            {
                const int From = (3 * SizeMax) / 2;
                original.CopyTo(memory, 0);
                original.CopyTo(expected, 0);
                original.AsSpan(From, size).CopyTo(expected.AsSpan(to));
                HalfVectors.Memmove(ref memory[to], ref memory[From], (nuint)size);
                if (!memory.AsSpan().SequenceEqual(expected)) Assert.Fail($"{size} bytes to {to}");
            }
        }
    }

    [Fact]
    public void Fill_touches_its_range_only()
    {
        byte[] memory = new byte[SizeMax + (2 * Margin)];
        for (int size = SizeMin; size <= SizeMax; size++)
        {
            Array.Fill(memory, (byte)0xA5);
            HalfVectors.Fill(ref memory[Margin], 0x5A, (nuint)size);
            Assert.Equal(-1, memory.AsSpan(0, Margin).IndexOfAnyExcept((byte)0xA5));
            Assert.Equal(-1, memory.AsSpan(Margin, size).IndexOfAnyExcept((byte)0x5A));
            Assert.Equal(-1, memory.AsSpan(Margin + size).IndexOfAnyExcept((byte)0xA5));
        }
    }

    [Fact]
    public void SequenceEqual_sees_a_difference_at_every_place_and_none_outside()
    {
        byte[] left = Bytes(2, SizeMax + (2 * Margin));
        byte[] right = new byte[left.Length];
        for (int size = SizeMin; size <= SizeMax; size++)
        {
            left.CopyTo(right, 0);
            right[Margin - 1] ^= 0xFF;
            right[Margin + size] ^= 0xFF;
            Assert.True(HalfVectors.SequenceEqual(ref left[Margin], ref right[Margin], (nuint)size), $"{size} bytes");
            for (int place = 0; place < size; place++)
            {
                right[Margin + place] ^= 0x01;
                if (HalfVectors.SequenceEqual(ref left[Margin], ref right[Margin], (nuint)size))
                    Assert.Fail($"{place} of {size}");
                right[Margin + place] ^= 0x01;
            }
        }
    }

    private static byte[] Bytes(ulong seed, int length)
    {
        byte[] octets = new byte[length];
        new Prng(seed).Fill(octets);
        return octets;
    }
}
