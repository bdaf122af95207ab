using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Tests.Arch;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>Judged through a page walk of the test's own: what the processor would allow.</summary>
public sealed class AddressSpaceTests
{
    private const ulong Page = 4096;
    private const ulong LargePage = 2 << 20;
    private const ulong Gibibyte = 1UL << 30;
    private const ulong RamEnd = 0x800_0000;
    private const ulong AddressEnd = 1UL << 46;
    private const ulong Window = 1UL << 46;

    private readonly SampleImage _image = new();
    private readonly Region _arena = HostMemory.Allocate(AddressSpace.TableMemory.Length);

    [Fact]
    public void The_tables_lie_below_the_image()
    {
        Assert.Equal((nuint)0x11_0000, AddressSpace.TableMemory.Address);
        Assert.Equal(0xF_0000, AddressSpace.TableMemory.Length);
    }

    [Fact]
    public void Each_part_may_be_used_for_its_purpose_and_nothing_else_is_there()
    {
        AddressSpace space = Create();
        Assert.Equal(_arena.Address, space.Root);
        CheckMemory(PageAccess.Data);
    }

    [Fact]
    public void Memory_apart_from_the_image_is_mapped_as_well()
    {
        const ulong Start = RamEnd + (3 * Page), End = RamEnd + (5 * LargePage);
        _ = new AddressSpace(_arena, _image.Layout, new MemoryRange(_image.ImageEnd, RamEnd), new MemoryRange(Start, End));
        for (ulong page = 0; page < Start; page += Page) Check(page, Expected(page, PageAccess.Data));
        for (ulong page = Start; page < End; page += Page) Check(page, PageAccess.Data);
        Check(End, null);
    }

    [Fact]
    public void Sealing_takes_the_tables_away_and_nothing_else()
    {
        AddressSpace space = Create();
        space.Seal();
        CheckMemory(PageAccess.RingZeroData);
        _ = Assert.Throws<BrokenInvariantException>(() => space.TryMapDevice(0xFEE0_0000, Page, AddressEnd));
        _ = Assert.Throws<BrokenInvariantException>(() => space.Join(new MemoryRange(Gibibyte, 2 * Gibibyte)));
        _ = Assert.Throws<BrokenInvariantException>(space.Seal);
    }

    [Fact]
    public void What_was_in_the_tables_memory_is_no_table()
    {
        _arena.Slice(0, (int)_arena.Length).Fill(0xFF);
        _ = Create();
        CheckMemory(PageAccess.Data);
    }

    [Theory]
    [InlineData(0xFEE0_0000UL, 4096UL)]
    [InlineData(0xFEC0_0010UL, 0x20UL)]                 // the page around it
    [InlineData(0xFEB0_0FFFUL, 2UL)]                    // two pages
    [InlineData(0xB000_0000UL, 0x1000_0000UL)]          // 256 MiB of configuration space: large pages
    [InlineData(0x38_0000_0000UL, 0x4000UL)]            // a 64-bit register window
    public void A_device_s_pages_are_uncached_data(ulong address, ulong length)
    {
        AddressSpace space = Create();
        Assert.True(space.TryMapDevice(address, length, AddressEnd));
        ulong first = address & ~(Page - 1);
        ulong end = (address + length + Page - 1) & ~(Page - 1);
        for (ulong page = first - Page; page <= end; page += Page)
        {
            Check(page, page >= first && page < end ? PageAccess.Device : null);
        }
        CheckMemory(PageAccess.Data);
    }

    [Fact]
    public void Windows_of_a_device_may_overlap()
    {
        AddressSpace space = Create();
        Assert.True(space.TryMapDevice(0xFEB0_0000, 0x1010, AddressEnd));
        Assert.True(space.TryMapDevice(0xFEB0_1010, 0x1000, AddressEnd));
        Assert.True(space.TryMapDevice(0xFE80_0000, 0x40_0000, AddressEnd));
        Assert.True(space.TryMapDevice(0xFEA0_0000, 0x10_0000, AddressEnd));
        for (ulong page = 0xFE80_0000; page < 0xFEC0_0000; page += Page) Check(page, PageAccess.Device);
        Check(0xFEC0_0000, null);
    }

    [Theory]
    [InlineData(0x1000_0000UL, 0UL)]                    // nothing
    [InlineData(0UL, 0x40_0000UL)]                      // large pages, if it were not for what lies in them
    [InlineData(0UL, 0x1_0000_0000UL)]
    [InlineData(RamEnd - 1, 1UL)]                       // memory
    [InlineData(RamEnd - 1, 4096UL)]
    [InlineData(0x20_0000UL, 16UL)]                     // the image
    [InlineData(0x10_0000UL, 16UL)]                     // ring 0
    [InlineData(0x11_0000UL, 16UL)]
    [InlineData(AddressEnd, 16UL)]                      // beyond what the processor addresses
    [InlineData(AddressEnd - 15, 16UL)]
    [InlineData(ulong.MaxValue, 16UL)]
    [InlineData(0x1000_0000UL, ulong.MaxValue)]
    public void A_range_that_cannot_be_a_device_s_is_refused(ulong address, ulong length) =>
        Assert.False(Create().TryMapDevice(address, length, AddressEnd));

    [Fact]
    public void A_device_where_the_window_is_is_refused()
    {
        AddressSpace space = Create();
        Assert.False(space.TryMapDevice(Window, Page, 1UL << 47));
        Assert.False(space.TryMapDevice(Window - Page, 2 * Page, 1UL << 47));
        Assert.True(space.TryMapDevice(Window - Page, Page, 1UL << 47));
        Assert.Equal(Gibibyte, space.Join(new MemoryRange(Gibibyte, 2 * Gibibyte)));
    }

    [Fact]
    public void When_the_tables_are_used_up_a_device_is_refused()
    {
        AddressSpace space = Create();
        ulong address = 4 * Gibibyte;
        int count = 0;
        while (space.TryMapDevice(address, Page, AddressEnd))
        {
            address += Gibibyte;
            count++;
        }
        Assert.InRange(count, 100, 120);
        CheckMemory(PageAccess.Data);
        // Sealing needs no further table.
        space.Seal();
    }

    [Fact]
    public void The_window_joins_ranges_in_large_pages()
    {
        AddressSpace space = Create();
        ulong appended = space.Join(new MemoryRange(0x40_1000, RamEnd));
        Assert.Equal(RamEnd - 0x60_0000, appended);
        ulong more = space.Join(new MemoryRange(4 * Gibibyte, (6 * Gibibyte) + Page));
        Assert.Equal(2 * Gibibyte, more);
        ulong none = space.Join(new MemoryRange((8 * Gibibyte) + Page, (8 * Gibibyte) + LargePage));
        Assert.Equal(0UL, none);

        Assert.Equal(Window, (ulong)space.Window.Address);
        Assert.Equal((long)(appended + more), space.Window.Length);
        var walk = new PageWalk(_arena);
        for (ulong offset = 0; offset < appended + more; offset += LargePage)
        {
            ulong leaf = walk.Leaf(Window + offset, out ulong size);
            Assert.Equal(LargePage, size);
            Assert.Equal(offset < appended ? 0x60_0000 + offset : (4 * Gibibyte) + offset - appended,
                leaf & PageWalk.Address & ~(size - 1));
            Check(Window + offset, PageAccess.Data);
        }
        Check(Window + appended + more, null);
        Check(Window - Page, null);
    }

    [Fact]
    public void Memory_that_the_tables_cannot_hold_is_left_out()
    {
        AddressSpace space = Create();
        ulong appended = space.Join(new MemoryRange(4 * Gibibyte, 204 * Gibibyte));
        Assert.Equal(200 * Gibibyte, appended);
        // Of the next range there is room for a part.
        ulong more = space.Join(new MemoryRange(300 * Gibibyte, 400 * Gibibyte));
        Assert.InRange(more, 10 * Gibibyte, 40 * Gibibyte);
        Assert.Equal((long)(appended + more), space.Window.Length);
        Check(Window + appended + more - LargePage, PageAccess.Data);
        Check(Window + appended + more, null);
        Assert.Equal(0UL, space.Join(new MemoryRange(500 * Gibibyte, 600 * Gibibyte)));
        // Sealing needs no further table.
        space.Seal();
    }

    [Theory]
    [InlineData(36, 0xF_FFFF_F000UL, true)]
    [InlineData(36, 0x10_0000_0000UL, false)]
    [InlineData(46, 0x3FFF_FFFF_F000UL, true)]
    [InlineData(52, 0x3FFF_FFFF_F000UL, true)]
    [InlineData(52, 0x4000_0000_0000UL, false)]
    [InlineData(52, 0x8000_0000_0000UL, false)]         // would need a sign-extended address
    public void Drivers_map_what_the_processor_s_addresses_reach(int addressBits, ulong address, bool isMapped)
    {
        var map = new DeviceMap(Create(), new MemoryMap(0), addressBits);
        Assert.Equal(isMapped, map.TryMap(address, 0x1000, out Mmio registers));
        Assert.Equal(isMapped ? 0x1000u : 0u, registers.Length);
    }

    /// <summary>Memory that is not mapped, or elsewhere, is no device's either.</summary>
    [Theory]
    [InlineData(4 * Gibibyte, true)]
    [InlineData((4 * Gibibyte) + 1, false)]
    [InlineData(6 * Gibibyte, false)]
    [InlineData(7 * Gibibyte, true)]
    public void A_device_where_the_memory_map_has_memory_is_refused(ulong address, bool isMapped)
    {
        var ram = new MemoryMap(0);
        ram.Add((4 * Gibibyte) + Page, (3 * Gibibyte) - Page);
        var map = new DeviceMap(Create(), ram, 46);
        Assert.Equal(isMapped, map.TryMap(address, (uint)Page, out _));
    }

    private AddressSpace Create()
    {
        var ram = new MemoryRange(_image.ImageEnd, RamEnd);
        return new AddressSpace(_arena, _image.Layout, ram, ram);
    }

    /// <summary>Every page from 0 to a little beyond the memory.</summary>
    private void CheckMemory(PageAccess tables)
    {
        for (ulong page = 0; page < RamEnd + LargePage; page += Page) Check(page, Expected(page, tables));
    }

    private PageAccess? Expected(ulong page, PageAccess tables)
    {
        if (page < 0x10_0000) return null;                                          // the null page, firmware's memory
        if (page < 0x10_1000) return PageAccess.RingZeroCode;
        if (page < 0x10_9000) return PageAccess.RingZeroData;
        if (page < 0x10_A000) return null;                                          // below the gate's stack
        if (page < 0x10_B000) return PageAccess.RingZeroData;
        if (page < 0x10_C000) return null;                                          // below the fault stack
        if (page < 0x10_E000) return PageAccess.RingZeroData;
        if (page < 0x10_F000) return PageAccess.Data;                               // the shared page
        if (page < 0x11_0000) return null;
        if (page < 0x20_0000) return tables;
        if (page < _image.ConstantsStart) return PageAccess.Code;
        if (page < _image.DataStart) return PageAccess.Constants;
        if (page == _image.MainStackGuard || page == _image.FaultStackGuard) return null;
        return page < RamEnd ? PageAccess.Data : null;
    }

    private void Check(ulong page, PageAccess? expected)
    {
        ulong leaf = new PageWalk(_arena).Leaf(page, out ulong size);
        const ulong AccessBits = PageWalk.Write | PageWalk.User | PageWalk.CacheDisable | PageWalk.ExecuteDisable;
        if (expected is PageAccess access)
        {
            if (leaf == 0 || (leaf & AccessBits) != (ulong)access)
            {
                Assert.Fail($"{page:x}: {leaf:x} instead of {access}");
            }
            if (page < Window) Assert.Equal(page & ~(size - 1), leaf & PageWalk.Address & ~(size - 1));
        }
        else if (leaf != 0)
        {
            Assert.Fail($"{page:x} is mapped");
        }
    }
}
