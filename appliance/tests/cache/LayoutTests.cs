using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

public sealed class LayoutTests
{
    [Fact]
    public void The_largest_item_is_memcacheds_to_the_byte()
    {
        Region memory = TestMemory.Rent(16 << 20);
        var store = new Store(memory, new StoreOptions(secret: 1), new Statistics());
        byte[] value = new byte[1 << 20];
        // 48 + 8 + key + 1 + value + 2 bytes of memcached's 1 MiB, and 4 more for flags.
        int largest = (1 << 20) - 48 - 8 - 1 - 2 - 3;
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, "key"u8, value.AsSpan(0, largest)));
        Assert.Equal(StoreResult.TooLarge, store.Put(StoreMode.Set, "key"u8, value.AsSpan(0, largest + 1)));
        Assert.False(store.TryGet("key"u8, out _));
        Assert.Equal(StoreResult.TooLarge, store.Put(StoreMode.Set, "key"u8, value.AsSpan(0, largest), flags: 1));
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, "key"u8, value.AsSpan(0, largest - 4), flags: 1));
        TestMemory.Return(memory);
    }

    [Fact]
    public void The_unit_grows_where_32_bits_do_not_reach()
    {
        Assert.Equal(2, SegmentLog.UnitShiftFor(1L << 20));
        Assert.Equal(2, SegmentLog.UnitShiftFor((1L << 34) - 1));
        Assert.Equal(3, SegmentLog.UnitShiftFor(1L << 34));
        Assert.Equal(5, SegmentLog.UnitShiftFor(1L << 36));
    }

    [Fact]
    public void The_fields_are_as_drawn()
    {
        for (int number = 0; number < 16; number++)
        {
            var form = (ItemForm)number;
            int offset = ItemHeader.Size;
            foreach ((ItemForm field, int size) in new[]
            {
                (ItemForm.IsWide, 8), (ItemForm.HasExptime, 4), (ItemForm.HasFlags, 4), (ItemForm.HasNearExptime, 2),
            })
            {
                Assert.Equal((form, field, offset), (form, field, form.OffsetOf(field)));
                if ((form & field) != 0) offset += size;
            }
            Assert.Equal((form, offset), (form, form.PrefixLength()));
        }
    }

    [Fact]
    public void The_header_is_as_drawn()
    {
        Assert.Equal(ItemHeader.Size, Unsafe.SizeOf<ItemHeader>());
        byte[] octets = new byte[ItemHeader.Size];
        ref ItemHeader header = ref MemoryMarshal.AsRef<ItemHeader>(octets.AsSpan());
        header.Begin(0x01, (ItemForm)0x4, 0x006);
        Assert.Equal([0x01, 0x00, 0x06, 0x40], octets.AsSpan(0, 4).ToArray());
        header.Marks = (ItemMarks)0x02;
        header.Time = 0x08070605;
        header.Cas = 0x0C0B0A09;
        Assert.Equal([0x01, 0x02, 0x06, 0x40, 5, 6, 7, 8, 9, 10, 11, 12], octets);
    }
}
