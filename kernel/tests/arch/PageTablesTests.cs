using System.Collections.Generic;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Arch;

public sealed class PageTablesTests
{
    private const ulong Page = 4096;
    private const ulong LargePage = 2 << 20;
    private const ulong Top = 1UL << 47;

    /// <summary>The bits of a last-level entry, Intel SDM 3A table 4-20: P 0, R/W 1, U/S 2, PCD 4, XD 63.</summary>
    [Theory]
    [InlineData(PageAccess.RingZeroCode, 0x0000_0000_1234_5001UL)]
    [InlineData(PageAccess.RingZeroData, 0x8000_0000_1234_5003UL)]
    [InlineData(PageAccess.Code, 0x0000_0000_1234_5005UL)]
    [InlineData(PageAccess.Constants, 0x8000_0000_1234_5005UL)]
    [InlineData(PageAccess.Data, 0x8000_0000_1234_5007UL)]
    [InlineData(PageAccess.Device, 0x8000_0000_1234_5017UL)]
    public void A_page_s_entry_has_the_bits_of_the_manual(PageAccess access, ulong expected)
    {
        Region arena = HostMemory.Allocate(4 * 4096);
        var tables = new PageTables(arena);
        Assert.True(tables.TryMap(0x4000_0000_1000, 0x1234_5000, Page, access));
        ulong[] entries = new PageWalk(arena).Entries(0x4000_0000_1000);
        for (int level = 0; level < 3; level++)
        {
            // Upper levels allow everything, and point to a table of the arena.
            Assert.Equal(7UL, entries[level] & ~PageWalk.Address);
            Assert.Equal(arena.Address + ((ulong)(level + 1) * Page), entries[level] & PageWalk.Address);
        }
        Assert.Equal(expected, entries[3]);
    }

    /// <summary>Table 4-18: a 2 MiB page's entry has PS, bit 7, as well.</summary>
    [Theory]
    [InlineData(PageAccess.RingZeroCode, 0x0000_0000_4000_0081UL)]
    [InlineData(PageAccess.Code, 0x0000_0000_4000_0085UL)]
    [InlineData(PageAccess.Constants, 0x8000_0000_4000_0085UL)]
    [InlineData(PageAccess.Data, 0x8000_0000_4000_0087UL)]
    [InlineData(PageAccess.Device, 0x8000_0000_4000_0097UL)]
    public void A_large_page_s_entry_has_the_bits_of_the_manual(PageAccess access, ulong expected)
    {
        Region arena = HostMemory.Allocate(4 * 4096);
        var tables = new PageTables(arena);
        Assert.True(tables.TryMap(0x20_0000, 0x4000_0000, LargePage, access));
        Assert.Equal(expected, new PageWalk(arena).Entries(0x20_0000)[2]);
        Assert.Equal(3 * 4096, tables.UsedBytes);
    }

    [Fact]
    public void Only_a_range_s_edges_are_small_pages()
    {
        Region arena = HostMemory.Allocate(64 * 4096);
        var tables = new PageTables(arena);
        const ulong Start = (3 * LargePage) - Page;
        const ulong End = (600 * LargePage) + (2 * Page);
        Assert.True(tables.TryMap(Start, Start, End - Start, PageAccess.Data));
        var walk = new PageWalk(arena);
        int small = 0;
        int large = 0;
        ulong size;
        for (ulong address = 0; address < End + LargePage; address += size)
        {
            ulong leaf = walk.Leaf(address, out size);
            Assert.Equal(address >= Start && address < End, leaf != 0);
            if (leaf == 0) continue;
            Assert.Equal(address, leaf & PageWalk.Address);
            if (size == Page) small++;
            else large++;
        }
        Assert.Equal(3, small);
        Assert.Equal(597, large);
    }

    [Theory]
    [InlineData(0UL, 4096UL)]
    [InlineData(4096UL, 0UL)]
    [InlineData(4096UL, 4096UL + (1 << 20))]
    public void Large_pages_need_both_addresses_aligned(ulong virtualStart, ulong physicalStart)
    {
        Region arena = HostMemory.Allocate(16 * 4096);
        var tables = new PageTables(arena);
        Assert.True(tables.TryMap(virtualStart, physicalStart, 2 * LargePage, PageAccess.Data));
        var walk = new PageWalk(arena);
        for (ulong offset = 0; offset < 2 * LargePage; offset += Page)
        {
            Assert.Equal(physicalStart + offset, walk.Leaf(virtualStart + offset, out ulong size) & PageWalk.Address);
            Assert.Equal(Page, size);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Translates_as_a_list_of_ranges_does(ulong seed)
    {
        var random = new Prng(seed);
        Region arena = HostMemory.Allocate(512 * 4096);
        var tables = new PageTables(arena);
        var walk = new PageWalk(arena);
        PageAccess[] kinds =
        [
            PageAccess.RingZeroCode, PageAccess.RingZeroData, PageAccess.Code, PageAccess.Constants, PageAccess.Data,
            PageAccess.Device,
        ];
        var model = new List<(ulong Start, ulong Length, ulong Physical, PageAccess Access)>();
        ulong next = 0;
        for (int i = 0; i < 60; i++)
        {
            ulong virtualStart = next + (random.Below(4) * Page);
            if (random.Chance(1, 3)) virtualStart += random.Below(1000) * LargePage;
            if (random.Chance(1, 2)) virtualStart = (virtualStart + LargePage - 1) & ~(LargePage - 1);
            ulong length = (1 + random.Below(random.Chance(1, 2) ? 3000u : 8u)) * Page;
            ulong physical = random.Chance(1, 2)
                ? virtualStart
                : random.Below(1 << 20) * (random.Chance(1, 2) ? LargePage : Page);
            PageAccess access = kinds[random.Below((uint)kinds.Length)];
            Assert.True(tables.TryMap(virtualStart, physical, length, access));
            model.Add((virtualStart, length, physical, access));
            next = virtualStart + length;
        }
        void Check(ulong address)
        {
            (ulong start, ulong length, ulong physical, PageAccess access) =
                model.Find(range => address >= range.Start && address - range.Start < range.Length);
            Assert.Equal(length != 0, tables.TryTranslate(address, out ulong translated, out PageAccess found));
            ulong leaf = walk.Leaf(address, out ulong size);
            Assert.Equal(length != 0, leaf != 0);
            if (length == 0) return;
            Assert.Equal(physical + (address - start), translated);
            Assert.Equal(access, found);
            Assert.Equal(translated, (leaf & PageWalk.Address & ~(size - 1)) | (address & (size - 1)));
        }
        foreach ((ulong start, ulong length, _, _) in model)
        {
            foreach (ulong address in (ulong[])[start - 1, start, start + length - 1, start + length])
            {
                Check(address & (Top - 1));
            }
        }
        for (int i = 0; i < 20_000; i++)
        {
            Check((random.Next() % (next + LargePage)) & ~(random.Chance(1, 2) ? 0UL : Page - 1));
        }
    }

    [Fact]
    public void A_full_arena_is_told_and_never_left()
    {
        // The guard after the arena must stay as it is.
        Region memory = HostMemory.Allocate(6 * 4096);
        memory.Slice(5 * 4096, 4096).Fill(0xA5);
        var tables = new PageTables(memory.Part(0, 5 * 4096));
        Assert.Equal(4, tables.FreeTableCount);
        Assert.True(tables.TryMap(0, 0, Page, PageAccess.Data));
        Assert.Equal(1, tables.FreeTableCount);
        Assert.True(tables.TryMap(LargePage, LargePage, Page, PageAccess.Data));
        Assert.Equal(0, tables.FreeTableCount);
        Assert.False(tables.TryMap(1UL << 30, 0, Page, PageAccess.Data));
        Assert.False(tables.TryMap(1UL << 30, 0, LargePage, PageAccess.Data));
        // What needs no further table still works.
        Assert.True(tables.TryMap(2 * LargePage, 2 * LargePage, LargePage, PageAccess.Data));
        Assert.True(tables.TryMap(Page, Page, Page, PageAccess.Code));
        Assert.Equal(5 * 4096, tables.UsedBytes);
        Assert.Equal(-1, System.MemoryExtensions.IndexOfAnyExcept(memory.Slice(5 * 4096, 4096), (byte)0xA5));
    }

    [Fact]
    public void Two_mebibytes_are_untouched_until_one_of_their_pages_is_mapped()
    {
        var tables = new PageTables(HostMemory.Allocate(16 * 4096));
        Assert.True(tables.IsUntouched(0));
        Assert.True(tables.TryMap((3 * LargePage) + (7 * Page), 0, Page, PageAccess.Data));
        Assert.True(tables.TryMap(6 * LargePage, 0, LargePage, PageAccess.Data));
        foreach (ulong large in (ulong[])[0, 2, 3, 4, 5, 6, 7, 512, 1UL << 20])
        {
            Assert.Equal(large is not (3 or 6), tables.IsUntouched(large * LargePage));
            Assert.Equal(large is not (3 or 6), tables.IsUntouched(((large + 1) * LargePage) - 1));
        }
    }

    /// <summary>
    /// Sealing takes away the table that it writes to: every entry must change, its own last. (That nothing is written
    /// after it cannot be seen without protection; the image's boot shows it.)
    /// </summary>
    [Fact]
    public void A_table_can_be_restricted_by_itself()
    {
        // One table holds the range: it must not straddle a large page, wherever the host puts it.
        Region memory = HostMemory.Allocate(2 * (long)LargePage);
        ulong toLargePage = (LargePage - (memory.Address & (LargePage - 1))) & (LargePage - 1);
        Region arena = memory.Part((long)toLargePage, 16 * (long)Page);
        var tables = new PageTables(arena);
        ulong start = arena.Address;
        Assert.True(tables.TryMap(start, start, 16 * Page, PageAccess.Data));
        tables.Restrict(start, 16 * Page, PageAccess.RingZeroData);
        for (ulong offset = 0; offset < 16 * Page; offset += Page)
        {
            Assert.True(tables.TryTranslate(start + offset, out ulong physical, out PageAccess access));
            Assert.Equal(start + offset, physical);
            Assert.Equal(PageAccess.RingZeroData, access);
        }
    }

    [Fact]
    public void Restricting_changes_the_access_and_nothing_else()
    {
        Region arena = HostMemory.Allocate(16 * 4096);
        var tables = new PageTables(arena);
        Assert.True(tables.TryMap(0x11_0000, 0x11_0000, 0xF_0000, PageAccess.Data));
        tables.Restrict(0x12_0000, 0x2000, PageAccess.RingZeroData);
        for (ulong address = 0x11_0000; address < 0x20_0000; address += Page)
        {
            Assert.True(tables.TryTranslate(address, out ulong physical, out PageAccess access));
            Assert.Equal(address, physical);
            Assert.Equal(address is >= 0x12_0000 and < 0x12_2000 ? PageAccess.RingZeroData : PageAccess.Data, access);
        }
    }

    [Fact]
    public void Mistakes_are_noticed()
    {
        PageTables Fresh()
        {
            var tables = new PageTables(HostMemory.Allocate(16 * 4096));
            Assert.True(tables.TryMap(LargePage, LargePage, LargePage, PageAccess.Data));
            Assert.True(tables.TryMap(0, 0, Page, PageAccess.Data));
            return tables;
        }
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().TryMap(0, 0, Page, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().TryMap(LargePage + Page, 0, Page, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().TryMap(0, 0, LargePage, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().TryMap(1, 0, Page, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().TryMap(Page, 1, Page, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().TryMap(Page, Page, 100, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().Restrict(Page, Page, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => Fresh().Restrict(LargePage, Page, PageAccess.Code));
        _ = Assert.Throws<BrokenInvariantException>(() => new PageTables(HostMemory.Allocate(4095)));
    }
}
