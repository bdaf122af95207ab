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
        Assert.Equal(3, SegmentLog.UnitShiftFor(1L << 20));
        Assert.Equal(3, SegmentLog.UnitShiftFor((1L << 35) - 1));
        Assert.Equal(4, SegmentLog.UnitShiftFor(1L << 35));
        Assert.Equal(6, SegmentLog.UnitShiftFor(1L << 37));
    }

    [Fact]
    public void The_header_is_as_drawn()
    {
        Assert.Equal(ItemHeader.Size, Unsafe.SizeOf<ItemHeader>());
        byte[] octets = new byte[ItemHeader.Size];
        ref ItemHeader header = ref MemoryMarshal.AsRef<ItemHeader>(octets.AsSpan());
        header.Cas = 0x0807060504030201;
        header.Next = 0x0C0B0A09;
        header.Hash = 0x100F0E0D;
        header.Flags = 0x14131211;
        header.Exptime = 0x18171615;
        header.Time = 0x1C1B1A19;
        header.ValueLength = 0x201F1E1D;
        header.KeyLength = 0x21;
        header.Marks = (ItemMarks)0x22;
        header.Generation = 0x2423;
        for (int i = 0; i < octets.Length; i++) Assert.Equal(i + 1, octets[i]);
    }
}
