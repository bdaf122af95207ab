using System;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>Expiry in 16 bits where that is enough, in 32 where it is not.</summary>
public sealed class NearExptimeTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const uint Base = 100_000;
    private const int Day = 24 * 3600;
    private const int FirstExptime = 10 * Day;

    private readonly Region _memory = TestMemory.Rent(1 << 20);

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(0, true)]
    [InlineData(Lifetime.LongPast, true)]
    [InlineData(Lifetime.LongPast + 1, false)]
    [InlineData(Base - 1, false)]
    [InlineData(Base, true)]
    [InlineData(Base + 65_533, true)]
    [InlineData(Base + 65_534, false)]
    [InlineData(uint.MaxValue, false)]
    public void What_fits_comes_back(uint exptime, bool fits)
    {
        Assert.Equal(fits, NearExptime.TryEncode(exptime, Base, out ushort near));
        if (fits) Assert.Equal(exptime, NearExptime.Decode(near, Base));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(uint.MaxValue)]
    public void The_first_item_is_near_its_own_base(uint exptime)
    {
        uint exptimeBase = NearExptime.BaseFor(exptime);
        Assert.NotEqual(0u, exptimeBase);
        Assert.True(NearExptime.TryEncode(exptime, exptimeBase, out ushort near));
        Assert.Equal(exptime, NearExptime.Decode(near, exptimeBase));
    }

    /// <summary>Another item of the segment has come first, which expires in ten days.</summary>
    [Theory]
    [InlineData(FirstExptime, true)]
    [InlineData(FirstExptime + (13 * 3600), true)]
    [InlineData(FirstExptime - (4 * 3600), true)]
    [InlineData(FirstExptime + (14 * 3600), false)]
    [InlineData(FirstExptime - (5 * 3600), false)]
    [InlineData(30 * Day, false)]
    public void Only_what_is_far_from_the_others_takes_more_bytes(int exptime, bool isNear)
    {
        Store store = NewStore();
        Put(store, "first"u8, FirstExptime);
        Put(store, "second"u8, exptime);
        Assert.True(store.TryGet("second"u8, out Item item));
        Assert.Equal(isNear ? ItemForm.HasNearExptime : ItemForm.HasExptime, item.Form);
        Assert.Equal(store.Lifetime.Now + (uint)exptime, item.Exptime);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(Day - 100, true)]
    [InlineData(Day + 100, true)]
    [InlineData(30 * Day, false)]
    [InlineData(60, false)]
    public void A_touch_moves_an_item_only_if_its_place_is_too_small(int exptime, bool staysThere)
    {
        Store store = NewStore();
        Put(store, "key"u8, Day);
        Assert.True(store.TryGet("key"u8, out Item before));
        uint location = before.Location;
        ulong cas = before.Cas;
        Assert.True(store.TryTouch("key"u8, exptime));
        Assert.True(store.TryGet("key"u8, out Item after));
        Assert.Equal(staysThere, location == after.Location);
        Assert.Equal(cas, after.Cas);
        Assert.Equal(exptime == 0 ? 0 : store.Lifetime.Now + (uint)exptime, after.Exptime);
        Assert.Equal("value"u8, after.ValueAt(0));
    }

    [Fact]
    public void What_is_stored_expired_is_not_there_and_does_not_harm_others()
    {
        Store store = NewStore();
        Put(store, "past"u8, -1);
        Put(store, "key"u8, Day);
        Assert.False(store.TryGet("past"u8, out _));
        Assert.True(store.TryTouch("key"u8, -1));
        Assert.False(store.TryGet("key"u8, out _));
    }

    private static void Put(Store store, ReadOnlySpan<byte> key, int exptime) =>
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, key, "value"u8, flags: 0, exptime));

    private Store NewStore()
    {
        var store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 16), new Statistics());
        store.Tick(1_000_000_000_000, 1_700_000_000);
        return store;
    }
}
