using System;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Corelib;

/// <summary>
/// The image's loops over bytes, compiled here from the same file, against loops that are too simple to be wrong.
/// </summary>
public sealed class SpanHelpersTests
{
    private const int SizeMax = 300;
    private const int Margin = 40;

    [Fact]
    public void Memmove_copies_every_size_between_separate_ranges()
    {
        byte[] source = Bytes(1, SizeMax + (2 * Margin));
        byte[] destination = new byte[SizeMax + (2 * Margin)];
        for (int size = 0; size <= SizeMax; size++)
        {
            // Every alignment of both ends within a vector would be 1024 times as many: 8 are enough to see an offset.
            for (int shift = 0; shift < 8; shift++)
            {
                Array.Fill(destination, (byte)0xA5);
                SpanHelpers.Memmove(ref destination[Margin], ref source[shift], (nuint)size);
                Assert.True(
                    destination.AsSpan(Margin, size).SequenceEqual(source.AsSpan(shift, size)), $"{size} bytes");
                Assert.Equal(-1, destination.AsSpan(0, Margin).IndexOfAnyExcept((byte)0xA5));
                Assert.Equal(-1, destination.AsSpan(Margin + size).IndexOfAnyExcept((byte)0xA5));
            }
        }
    }

    [Fact]
    public void Memmove_copies_every_size_over_every_overlap()
    {
        byte[] original = Bytes(2, 3 * SizeMax);
        byte[] memory = new byte[3 * SizeMax];
        byte[] expected = new byte[3 * SizeMax];
        for (int size = 0; size <= SizeMax; size++)
        {
            // All distances at which the ranges overlap, and a few beyond.
            for (int distance = -size - 2; distance <= size + 2; distance += Math.Abs(distance) < 70 ? 1 : 7)
            {
                int from = SizeMax;
                int to = from + distance;
                if (to < 0 || to + size > memory.Length) continue;
                original.CopyTo(memory, 0);
                original.CopyTo(expected, 0);
                for (int i = 0; i < size; i++) expected[to + i] = original[from + i];
                SpanHelpers.Memmove(ref memory[to], ref memory[from], (nuint)size);
                if (!memory.AsSpan().SequenceEqual(expected)) Assert.Fail($"{size} bytes moved by {distance}");
            }
        }
    }

    [Fact]
    public void Fill_and_clear_touch_their_range_only()
    {
        byte[] memory = new byte[SizeMax + (2 * Margin)];
        for (int size = 0; size <= SizeMax; size++)
        {
            foreach (byte value in (byte[])[0, 0x5A, 0xFF])
            {
                Array.Fill(memory, (byte)0xA5);
                if (value == 0) SpanHelpers.ClearWithoutReferences(ref memory[Margin], (nuint)size);
                else SpanHelpers.Fill(ref memory[Margin], value, (nuint)size);
                Assert.Equal(-1, memory.AsSpan(0, Margin).IndexOfAnyExcept((byte)0xA5));
                Assert.Equal(-1, memory.AsSpan(Margin, size).IndexOfAnyExcept(value));
                Assert.Equal(-1, memory.AsSpan(Margin + size).IndexOfAnyExcept((byte)0xA5));
            }
        }
    }

    [Fact]
    public void SequenceEqual_sees_a_difference_at_every_place_and_none_outside()
    {
        byte[] left = Bytes(3, SizeMax + (2 * Margin));
        byte[] right = new byte[left.Length];
        for (int size = 0; size <= SizeMax; size++)
        {
            left.CopyTo(right, 0);
            right[Margin - 1] ^= 0xFF;
            right[Margin + size] ^= 0xFF;
            Assert.True(SpanHelpers.SequenceEqual(ref left[Margin], ref right[Margin], (nuint)size), $"{size} bytes");
            for (int place = 0; place < size; place++)
            {
                right[Margin + place] ^= 0x01;
                if (SpanHelpers.SequenceEqual(ref left[Margin], ref right[Margin], (nuint)size))
                {
                    Assert.Fail($"{place} of {size}");
                }
                right[Margin + place] ^= 0x01;
            }
        }
    }

    [Fact]
    public void IndexOf_finds_the_first_at_every_place_and_nothing_outside()
    {
        byte[] memory = new byte[SizeMax + (2 * Margin)];
        for (int size = 0; size <= SizeMax; size++)
        {
            Array.Clear(memory);
            memory[Margin - 1] = 0x80;
            memory[Margin + size] = 0x80;
            Assert.Equal(-1, SpanHelpers.IndexOf(ref memory[Margin], 0x80, size));
            for (int place = size - 1; place >= 0; place--)
            {
                // The ones that were put there before stay: the first counts.
                memory[Margin + place] = 0x80;
                int found = SpanHelpers.IndexOf(ref memory[Margin], 0x80, size);
                if (found != place) Assert.Fail($"{found} instead of {place} of {size}");
            }
        }
    }

    [Fact]
    public void IndexOfAny_finds_the_first_of_either_at_every_place_and_nothing_outside()
    {
        byte[] memory = new byte[SizeMax + (2 * Margin)];
        for (int size = 0; size <= SizeMax; size++)
        {
            Array.Clear(memory);
            memory[Margin - 1] = 0x80;
            memory[Margin + size] = 0x7F;
            Assert.Equal(-1, SpanHelpers.IndexOfAny(ref memory[Margin], 0x80, 0x7F, size));
            for (int place = size - 1; place >= 0; place--)
            {
                memory[Margin + place] = place % 3 == 0 ? (byte)0x80 : (byte)0x7F;
                int found = SpanHelpers.IndexOfAny(ref memory[Margin], 0x80, 0x7F, size);
                if (found != place) Assert.Fail($"{found} instead of {place} of {size}");
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
