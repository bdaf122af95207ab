using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>The histogram against a count of all items that are there.</summary>
public sealed class SizeHistogramTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const int KeyCount = 8000;
    private const long UnixStart = 1_700_000_000;

    private readonly Region _memory = TestMemory.Rent(1 << 20);
    private readonly Statistics _statistics = new();
    private long _seconds;

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(EvictionPolicy.S3Fifo, 1)]
    [InlineData(EvictionPolicy.S3Fifo, 2)]
    [InlineData(EvictionPolicy.Lru, 3)]
    public void Is_what_a_recount_finds(EvictionPolicy policy, ulong seed)
    {
        Store store = NewStore(policy);
        var random = new Prng(seed);
        for (int step = 1; step <= 150_000; step++)
        {
            Act(store, ref random, Key((int)random.Below(KeyCount)));
            if (random.Chance(1, 20_000)) store.Flush((int)random.Below(2) * 3);
            if (random.Chance(1, 1000)) Sleep(store, 1);
            if (step % 10_000 != 0) continue;
            // Before the recount: it removes what it finds expired.
            Assert.Equal(_statistics.CurrItems, Sum(store));
            Assert.Equal(Recount(store), Sizes(store));
        }
        Assert.True(_statistics.Evictions > 0);
        Assert.True(_statistics.ItemsCompacted > 0);
        Assert.True(_statistics.MovesWithinLru + _statistics.MovesToWarm > 0);
        Assert.True(_statistics.GetExpired + _statistics.Reclaimed > 0);
        Assert.True(_statistics.GetFlushed > 0);
        Assert.True(_statistics.IncrHits > 0);
        for (int i = 0; i < KeyCount; i++) _ = store.TryDelete(Key(i));
        Assert.Empty(Sizes(store));
    }

    [Theory]
    [InlineData(1 << 20, 1)]
    [InlineData(4 << 20, 1)]
    [InlineData(4 << 20, 1_000_000)]
    [InlineData(2000, 1)]
    public void The_last_bucket_takes_what_is_larger(int itemSizeMax, int excess)
    {
        Region memory = TestMemory.Rent(32 << 20);
        Store store = NewStore(EvictionPolicy.S3Fifo, memory, itemSizeMax);
        int last = (Math.Min(itemSizeMax, 1 << 20) + 31) / 32 * 32;
        foreach (int size in new[] { last - 32, last - 31, itemSizeMax, last + excess })
        {
            StoreResult expected = size <= itemSizeMax ? StoreResult.Stored : StoreResult.TooLarge;
            Assert.Equal(expected, store.Put(StoreMode.Set, "k"u8, new byte[size - 60]));
            var sizes = new SortedDictionary<int, long>();
            if (expected == StoreResult.Stored) sizes[size == last - 32 ? size : last] = 1;
            Assert.Equal(sizes, Sizes(store));
        }
        TestMemory.Return(memory);
    }

    [Fact]
    public void Without_the_option_there_is_none()
    {
        var store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20), _statistics);
        Assert.Null(store.Sizes);
    }

    private Store NewStore(EvictionPolicy policy) => NewStore(policy, _memory, itemSizeMax: 1 << 20);

    private Store NewStore(EvictionPolicy policy, Region memory, int itemSizeMax)
    {
        var options = new StoreOptions(secret: 1, SegmentSize, itemSizeMax) { Policy = policy, TracksSizes = true };
        var store = new Store(memory, in options, _statistics);
        Sleep(store, 0);
        return store;
    }

    private void Sleep(Store store, int seconds)
    {
        _seconds += seconds;
        store.Tick(_seconds * 1_000_000, UnixStart + _seconds);
    }

    private static void Act(Store store, ref Prng random, byte[] key)
    {
        int exptime = (int)random.Below(3) * (1 + (int)random.Below(20));
        byte[] value = new byte[random.Chance(1, 200) ? random.Below(20_000) : random.Below(400)];
        uint flags = random.Below(2) * 7;
        switch (random.Below(12))
        {
            case 0:
                _ = store.TryDelete(key);
                break;
            case 1:
                _ = store.TryTouch(key, exptime);
                break;
            case 2:
                _ = store.Put(StoreMode.Set, key, "99"u8, flags, exptime);
                _ = store.TryAdd(key, isIncrement: true, random.Below(3), out _);
                break;
            case 3:
                _ = store.TryAdd(key, isIncrement: random.Chance(1, 2), 1, out _);
                break;
            case 4:
                _ = store.Put(StoreMode.Append, key, "and more"u8);
                break;
            case 5:
                _ = store.MetaDelete(key, new MetaDeleteOptions { Invalidates = random.Chance(1, 2), DropsValue = random.Chance(1, 2) });
                break;
            case 6:
                // Somebody reads it while it is changed.
                if (!store.TryGet(key, out Item item)) break;
                Lease lease = store.Hold(in item);
                _ = store.TryAdd(key, isIncrement: true, 1, out _);
                _ = store.Put(StoreMode.Prepend, key, "more and"u8);
                store.Release(ref lease);
                break;
            case 7:
                _ = store.TryReserve(StoreMode.Set, key, flags, exptime, value.Length, out Reservation reservation);
                store.Abandon(ref reservation);
                break;
            case 8 or 9:
                _ = store.TryGet(key, out _);
                break;
            default:
                _ = store.Put(StoreMode.Set, key, value, flags, exptime);
                break;
        }
    }

    private static SortedDictionary<int, long> Recount(Store store)
    {
        var sizes = new SortedDictionary<int, long>();
        for (int i = 0; i < KeyCount; i++)
        {
            if (!store.TryPeek(Key(i), out Item item)) continue;
            int size = 48 + 8 + item.Key.Length + 1 + (item.Flags != 0 ? 4 : 0) + item.ValueLength + 2;
            int bucket = (size + 31) / 32 * 32;
            sizes[bucket] = sizes.GetValueOrDefault(bucket) + 1;
        }
        return sizes;
    }

    private static SortedDictionary<int, long> Sizes(Store store)
    {
        var sizes = new SortedDictionary<int, long>();
        Assert.NotNull(store.Sizes);
        for (int size = 0; store.Sizes.TryFind(ref size, out uint count); size += SizeHistogram.Step) sizes[size] = count;
        return sizes;
    }

    private static long Sum(Store store)
    {
        long sum = 0;
        foreach (long count in Sizes(store).Values) sum += count;
        return sum;
    }

    private static byte[] Key(int number) =>
        Encoding.Latin1.GetBytes("key" + number.ToString(CultureInfo.InvariantCulture));
}
