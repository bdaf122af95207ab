using System;
using System.Numerics;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Memory;

public sealed class RegionTests
{
    private const long Length = 4096;

    private static readonly long[] s_offsets =
    [
        long.MinValue, long.MinValue + 1, -Length, -1, 0, 1, 7, Length - 1, Length, Length + 1, 1L << 32,
        long.MaxValue - 1, long.MaxValue,
    ];

    private static readonly int[] s_lengths =
        [int.MinValue, -4096, -1, 0, 1, 7, 4095, 4096, 4097, int.MaxValue - 1, int.MaxValue];

    [Fact]
    public void A_slice_is_inside_or_a_mistake_at_every_edge()
    {
        Region region = HostMemory.Allocate(Length);
        foreach (long offset in s_offsets)
        {
            foreach (int length in s_lengths)
            {
                if (IsInside(offset, length)) Assert.Equal(length, region.Slice(offset, length).Length);
                else _ = Assert.Throws<BrokenInvariantException>(() => _ = region.Slice(offset, length).Length);
            }
        }
    }

    [Fact]
    public void From_an_offset_it_is_the_rest_or_a_mistake_at_every_edge()
    {
        Region region = HostMemory.Allocate(Length);
        region.Slice(0, (int)Length).Clear();
        foreach (long offset in s_offsets)
        {
            if (IsInside(offset, 0)) Assert.True(region.From(offset) == region.Slice(offset, (int)(Length - offset)));
            else _ = Assert.Throws<BrokenInvariantException>(() => _ = region.From(offset).Length);
        }
    }

    [Fact]
    public void From_an_offset_it_is_no_more_than_a_span_can_have()
    {
        // Named, not touched.
        Region region = Region.At(4096, 1L << 33);
        Assert.Equal(int.MaxValue, region.From(0).Length);
        Assert.Equal(int.MaxValue, region.From(region.Length - int.MaxValue).Length);
        Assert.Equal(int.MaxValue - 1, region.From(region.Length - int.MaxValue + 1).Length);
        Assert.Equal(0, region.From(region.Length).Length);
    }

    [Fact]
    public void A_part_is_inside_or_a_mistake_at_every_edge()
    {
        Region region = HostMemory.Allocate(Length);
        foreach (long offset in s_offsets)
        {
            foreach (long length in s_offsets)
            {
                if (IsInside(offset, length))
                {
                    Region part = region.Part(offset, length);
                    Assert.Equal(length, part.Length);
                    Assert.Equal(region.Address + (nuint)offset, part.Address);
                }
                else
                {
                    _ = Assert.Throws<BrokenInvariantException>(() => region.Part(offset, length));
                }
            }
        }
    }

    [Fact]
    public void A_part_sees_its_bytes_and_no_others()
    {
        Region region = HostMemory.Allocate(64);
        for (int i = 0; i < 64; i++) region.Slice(i, 1)[0] = (byte)i;
        Region part = region.Part(16, 32).Part(8, 4);
        Assert.Equal([24, 25, 26, 27], part.Slice(0, 4).ToArray());
        _ = Assert.Throws<BrokenInvariantException>(() => part.Slice(0, 5).Length);
        _ = Assert.Throws<BrokenInvariantException>(() => part.Slice(4, 1).Length);
    }

    [Fact]
    public void Regions_beyond_2_GiB_are_sliced_with_64_bit_offsets()
    {
        // Nothing is read or written: the address is made up.
        Region region = Region.At(0x10_0000, 1L << 40);
        Span<byte> last = region.Slice((1L << 40) - 16, 16);
        Assert.Equal(16, last.Length);
        _ = Assert.Throws<BrokenInvariantException>(() => region.Slice((1L << 40) - 15, 16).Length);
        Assert.Equal((nuint)0x10_0000 + (1UL << 39), region.Part(1L << 39, 1L << 39).Address);
    }

    [Fact]
    public void The_default_is_empty()
    {
        Assert.Equal(0, default(Region).Length);
        Assert.Equal(0, default(Region).Slice(0, 0).Length);
        _ = Assert.Throws<BrokenInvariantException>(() => default(Region).Slice(0, 1).Length);
        _ = Assert.Throws<BrokenInvariantException>(() => Region.At(0, -1));
    }

    private static bool IsInside(BigInteger offset, BigInteger length) =>
        offset >= 0 && length >= 0 && offset + length <= Length;
}
