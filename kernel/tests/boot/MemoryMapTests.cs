using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class MemoryMapTests
{
    private const ulong Page = 4096;
    private const ulong Gibibyte = 1UL << 30;

    [Fact]
    public void Orders_and_joins_what_a_loader_lists()
    {
        MemoryMap map = Make(0, (4 * Gibibyte, Gibibyte), (0, 0xA_0000), (2 * Gibibyte, Gibibyte),
            (0x10_0000, (2 * Gibibyte) - 0x10_0000));
        Assert.Equal([(0, 0xA_0000), (0x10_0000, 3 * Gibibyte), (4 * Gibibyte, 5 * Gibibyte)], Ranges(map));
        Assert.Equal(0xA_0000 + (3 * Gibibyte) - 0x10_0000 + Gibibyte, map.TotalBytes);
        Assert.Equal(0, map.DroppedCount);
    }

    [Theory]
    [InlineData(1UL, Page, 0)]                                  // no whole page
    [InlineData(1UL, (2 * Page) - 2, 0)]
    [InlineData(1UL, (2 * Page) - 1, 1)]
    [InlineData(Page, 0UL, 0)]
    [InlineData(Page, Page - 1, 0)]
    [InlineData(Page, Page, 1)]
    [InlineData(ulong.MaxValue, 1UL, 0)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, 0)]
    [InlineData(1UL, ulong.MaxValue, 0)]                        // around the end of the address space
    [InlineData(0UL, ulong.MaxValue, 1)]
    [InlineData(ulong.MaxValue - Page, Page, 0)]
    [InlineData(ulong.MaxValue - (2 * Page), 2 * Page, 1)]
    public void Counts_only_whole_pages_that_exist(ulong start, ulong length, int count) =>
        Assert.Equal(count, Make(0, (start, length)).Count);

    [Theory]
    [InlineData(0x20_0000UL, 0x20_0000UL)]
    [InlineData(0x20_0001UL, 0x20_1000UL)]
    [InlineData(0x20_0FFFUL, 0x20_1000UL)]
    [InlineData(0x20_1000UL, 0x20_1000UL)]
    public void Nothing_below_the_floor_is_free(ulong floor, ulong first)
    {
        MemoryMap map = Make(floor, (0, 0xA_0000), (0x10_0000, 0x30_0000));
        Assert.Equal([(first, 0x40_0000UL)], Ranges(map));
    }

    [Fact]
    public void One_range_may_close_several_gaps()
    {
        MemoryMap map = Make(0, (0, Page), (2 * Page, Page), (4 * Page, Page), (8 * Page, Page), (Page, 5 * Page));
        Assert.Equal([(0, 6 * Page), (8 * Page, 9 * Page)], Ranges(map));
    }

    [Fact]
    public void What_does_not_fit_the_list_is_counted_and_joining_still_works()
    {
        var map = new MemoryMap(0);
        for (ulong i = 0; i < 40; i++) map.Add(i * 2 * Page, Page);
        Assert.Equal(32, map.Count);
        Assert.Equal(8, map.DroppedCount);
        map.Add(Page, Page);
        Assert.Equal(31, map.Count);
        map.Add(100 * Page, Page);
        Assert.Equal(32, map.Count);
        Assert.Equal(8, map.DroppedCount);
    }

    [Fact]
    public void The_largest_ranges_are_kept()
    {
        var map = new MemoryMap(0);
        for (ulong i = 0; i < 40; i++) map.Add(i * 100 * Page, (1 + (i * 7 % 40)) * Page);
        Assert.Equal(32, map.Count);
        Assert.Equal(8, map.DroppedCount);
        List<(ulong Start, ulong End)> ranges = Ranges(map);
        Assert.All(ranges, range => Assert.InRange(range.End - range.Start, 9 * Page, 40 * Page));
        Assert.Equal(ranges.ConvertAll(range => range.Start).Order(), ranges.ConvertAll(range => range.Start));
    }

    [Fact]
    public void Taking_out_of_a_full_list_keeps_the_larger_half()
    {
        var map = new MemoryMap(0);
        map.Add(0, 100 * Page);
        for (ulong i = 0; i < 31; i++) map.Add((200 + (i * 2)) * Page, Page);
        map.Remove(90 * Page, Page);
        Assert.Equal(32, map.Count);
        Assert.Equal((0UL, 90 * Page), (map[0].Start, map[0].End));
        Assert.Equal((91 * Page, 100 * Page), (map[1].Start, map[1].End));
        Assert.Equal(1, map.DroppedCount);
    }

    [Theory]
    [InlineData(0UL, Page, false)]
    [InlineData(0UL, Page + 1, true)]
    [InlineData((2 * Page) - 1, 1UL, true)]
    [InlineData(2 * Page, 2 * Page, false)]
    [InlineData(2 * Page, (2 * Page) + 1, true)]
    [InlineData(5 * Page, ulong.MaxValue, false)]
    [InlineData(1UL, ulong.MaxValue, true)]
    [InlineData(Page, 0UL, false)]
    public void Tells_whether_something_overlaps_it(ulong start, ulong length, bool overlaps) =>
        Assert.Equal(overlaps, Make(0, (Page, Page), (4 * Page, Page)).Overlaps(start, length));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Holds_the_same_pages_as_a_bitmap(ulong seed)
    {
        const int Pages = 256;
        var random = new Prng(seed);
        for (int round = 0; round < 500; round++)
        {
            ulong floor = random.Below(64 * (uint)Page);
            var map = new MemoryMap(floor);
            bool[] isFree = new bool[Pages];
            for (int i = 0; i < 24; i++)
            {
                ulong start = random.Below(Pages * (uint)Page);
                ulong length = random.Below(1 + (random.Chance(1, 4) ? 40u : 6u) * (uint)Page);
                if (random.Chance(1, 2)) start &= ~(Page - 1);
                if (start + length > Pages * Page) continue;
                map.Add(start, length);
                for (ulong page = 0; page < Pages; page++)
                {
                    if (page * Page >= start && (page + 1) * Page <= start + length && page * Page >= floor)
                    {
                        isFree[page] = true;
                    }
                }
            }
            Assert.Equal(RangesOf(isFree), Ranges(map));
            Assert.Equal(0, map.DroppedCount);
        }
    }

    [Theory]
    [InlineData(0x20_0000UL, 0x10_0000UL, "100000-200000 300000-800000")]       // in the middle
    [InlineData(0x20_0800UL, 0x10UL, "100000-200000 201000-800000")]            // a part of a page takes all of it
    [InlineData(0x0UL, 0x10_0001UL, "101000-800000")]                           // over the start
    [InlineData(0x7F_FFFFUL, ulong.MaxValue, "100000-7FF000")]                  // over the end, and of 64 bits
    [InlineData(0x0UL, ulong.MaxValue, "")]
    [InlineData(0x80_0000UL, 0x1000UL, "100000-800000")]                        // beside it
    [InlineData(0x20_0000UL, 0UL, "100000-800000")]
    public void What_is_reserved_is_taken_out_again(ulong start, ulong length, string left)
    {
        MemoryMap map = Make(0, (0x10_0000, 0x70_0000));
        map.Remove(start, length);
        Assert.Equal(left, string.Join(' ', Ranges(map).ConvertAll(range => $"{range.Start:X}-{range.End:X}")));
    }

    [Theory]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 1UL)]
    [InlineData(ulong.MaxValue - 4095, 4096UL)]
    public void Taking_out_what_ends_with_the_address_space_leaves_the_rest(ulong start, ulong length)
    {
        MemoryMap map = Make(0, (10 * Page, 10 * Page));
        map.Remove(start, length);
        Assert.Equal([(10 * Page, 20 * Page)], Ranges(map));
    }

    [Fact]
    public void A_byte_that_is_reserved_takes_its_page()
    {
        MemoryMap map = Make(0, (0, 4 * Page));
        map.Remove((2 * Page) - 1, 2);
        Assert.Equal([(0, Page), (3 * Page, 4 * Page)], Ranges(map));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Holds_the_same_pages_as_a_bitmap_when_some_are_reserved(ulong seed)
    {
        const int Pages = 128;
        var random = new Prng(seed);
        for (int round = 0; round < 500; round++)
        {
            var map = new MemoryMap(0);
            bool[] isFree = new bool[Pages];
            for (int i = 0; i < 8; i++)
            {
                uint first = random.Below(Pages);
                uint count = random.Below(Pages - first);
                map.Add(first * Page, count * Page);
                for (uint page = first; page < first + count; page++) isFree[page] = true;
            }
            for (int i = 0; i < 8; i++)
            {
                ulong start = random.Below(Pages * (uint)Page);
                ulong length = random.Below(8 * (uint)Page);
                map.Remove(start, length);
                for (ulong page = 0; page < Pages; page++)
                {
                    if (length > 0 && page * Page < start + length && (page + 1) * Page > start) isFree[page] = false;
                }
            }
            Assert.Equal(RangesOf(isFree), Ranges(map));
        }
    }

    [Theory]
    [InlineData(0x30_0000, 0x500_0000, ulong.MaxValue, 1)]      // OVMF: little below what it keeps
    [InlineData(0x500_0000, 0x500_0000, ulong.MaxValue, 0)]     // as large as the first: the first
    [InlineData(0x500_0000, 0x500_0001, ulong.MaxValue, 0)]     // in whole pages as large
    [InlineData(0x500_0000, 0x500_1000, ulong.MaxValue, 1)]
    [InlineData(0x30_0000, 0x500_0000, 0x14FF_FFFF, 0)]         // not all of it below the limit
    [InlineData(0x30_0000, 0x500_0000, 0x1500_0000, 1)]
    public void The_largest_range_below_a_limit(ulong first, ulong second, ulong limit, int expected)
    {
        MemoryMap map = Make(0x20_0000, (0x20_0000, first), (0x1000_0000, second));
        Assert.Equal(map[expected].Start, map.LargestBelow(limit).Start);
    }

    private static List<(ulong Start, ulong End)> RangesOf(bool[] isFree)
    {
        var ranges = new List<(ulong, ulong)>();
        for (int page = 0; page < isFree.Length; page++)
        {
            if (!isFree[page]) continue;
            int first = page;
            while (page < isFree.Length && isFree[page]) page++;
            ranges.Add(((ulong)first * Page, (ulong)page * Page));
        }
        return ranges;
    }

    private static MemoryMap Make(ulong floor, params (ulong Start, ulong Length)[] ranges)
    {
        var map = new MemoryMap(floor);
        foreach ((ulong start, ulong length) in ranges) map.Add(start, length);
        return map;
    }

    private static List<(ulong Start, ulong End)> Ranges(MemoryMap map)
    {
        var ranges = new List<(ulong, ulong)>();
        for (int i = 0; i < map.Count; i++) ranges.Add((map[i].Start, map[i].End));
        return ranges;
    }
}
