using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>Which items the store keeps, and what it makes of those that expire.</summary>
public sealed class PolicyTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const long MicrosPerSecond = 1_000_000;
    private const long UnixStart = 1_700_000_000;

    private readonly Region _memory = TestMemory.Rent(8 << 20);
    private readonly Statistics _statistics = new();
    private readonly ITestOutputHelper _output;
    private long _seconds;

    public PolicyTests(ITestOutputHelper output) => _output = output;

    public void Dispose() => TestMemory.Return(_memory);

    [Fact]
    public void By_s3fifo_a_scan_leaves_what_is_read()
    {
        Store store = NewStore(EvictionPolicy.S3Fifo);
        const int FavouriteCount = 10_000;
        Fill(store, "favourite", FavouriteCount);
        for (int round = 0; round < 2; round++) Assert.Equal(FavouriteCount, ReadAll(store, "favourite", FavouriteCount));
        // Ten times the memory, each key once.
        for (int i = 0; i < 600_000; i++) Put(store, Key("scan", i), 100);
        int left = ReadAll(store, "favourite", FavouriteCount);
        Assert.True(left >= FavouriteCount * 97 / 100, $"{left} of {FavouriteCount}");
        Assert.True(_statistics.MovesToWarm > 0);
        Assert.True(store.MainSegmentCount > 0);
        // The favourites and whatever of the scan passed for one; none of them was counted twice.
        Assert.InRange(_statistics.MainItems, left, _statistics.CurrItems);
        long hits = _statistics.HitsToMain;
        Assert.Equal(left, ReadAll(store, "favourite", FavouriteCount));
        Assert.Equal(left, _statistics.HitsToMain - hits);
        store.Flush(0);
        Assert.Equal((0, 0), (_statistics.CurrItems, _statistics.MainItems));
    }

    [Fact]
    public void By_lru_what_was_read_since_gets_one_more_round()
    {
        Store store = NewStore(EvictionPolicy.Lru);
        const int FavouriteCount = 10_000;
        Fill(store, "favourite", FavouriteCount);
        Assert.Equal(FavouriteCount, ReadAll(store, "favourite", FavouriteCount));
        // The memory takes about 60,000; a scan of more than that passes everything once.
        for (int i = 0; i < 80_000; i++) Put(store, Key("scan", i), 100);
        Assert.True(_statistics.MovesWithinLru > 0);
        Assert.Equal(0, _statistics.MovesToWarm);
        Assert.Equal(0, store.SmallSegmentCount);
        Assert.Equal(_statistics.CurrItems, _statistics.MainItems);
        int left = ReadAll(store, "favourite", FavouriteCount);
        Assert.True(left >= FavouriteCount * 8 / 10, $"{left} of {FavouriteCount} after one round");
        // Now they were read again; after two more rounds without that they are gone.
        for (int i = 0; i < 200_000; i++) Put(store, Key("scan", 1_000_000 + i), 100);
        left = ReadAll(store, "favourite", FavouriteCount);
        Assert.True(left == 0, $"{left} of {FavouriteCount} after more");
    }

    [Fact]
    public void What_comes_again_soon_after_it_was_evicted_is_kept()
    {
        Store store = NewStore(EvictionPolicy.S3Fifo);
        for (int i = 0; i < 100_000; i++) Put(store, Key("first", i), 100);
        // The last that went.
        int present = 0;
        while (present < 100_000 && !store.TryGet(Key("first", present), out _)) present++;
        Assert.InRange(present, 1000, 99_999);
        const int Count = 1000;
        for (int i = 1; i <= Count; i++) Put(store, Key("first", present - i), 100);
        // Only the one that was read to find it.
        Assert.InRange(_statistics.MovesToWarm, 0, 1);
        // In the small queue they would be gone after a tenth of this.
        for (int i = 0; i < 30_000; i++) Put(store, Key("second", i), 100);
        int left = 0;
        for (int i = 1; i <= Count; i++)
        {
            if (store.TryGet(Key("first", present - i), out _)) left++;
        }
        Assert.True(left > Count * 9 / 10, $"{left} of {Count}");
        Assert.True(store.MainSegmentCount > 0);
    }

    [Fact]
    public void Ticks_alone_give_back_the_memory_of_what_has_expired()
    {
        Store store = NewStore(EvictionPolicy.S3Fifo);
        int[] exptimes = [5, 60, 700, 5000, 30_000];
        const int Count = 40_000;
        for (int i = 0; i < Count; i++) Put(store, Key("key", i), 100, exptimes[i % exptimes.Length]);
        for (int i = 0; i < 100; i++) Put(store, Key("for ever", i), 100);
        int before = store.FreeSegmentCount;
        foreach (int exptime in exptimes)
        {
            long second = exptime + 1;
            _seconds = second;
            for (int i = 0; i < 1000; i++) Tick(store);
        }
        // What is left: the index, an open segment of each stream that was used.
        Assert.InRange(store.FreeSegmentCount, Math.Max(before, store.SegmentCount - 10), store.SegmentCount);
        Assert.True(_statistics.CrawlerReclaimed > Count * 8 / 10, $"{_statistics.CrawlerReclaimed} reclaimed");
        Assert.Equal(0, _statistics.Evictions);
        Assert.Equal(100, ReadAll(store, "for ever", 100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_day_of_expiring_items(ulong seed)
    {
        const int PerSecond = 12;
        Store store = NewStore(EvictionPolicy.S3Fifo);
        var random = new Prng(seed);
        (int Exptime, uint Weight)[] lives = [(5, 30), (60, 25), (600, 20), (3600, 15), (4 * 3600, 10)];
        double ratioMin = 1;
        double ratioSum = 0;
        int ratioCount = 0;
        int hits = 0;
        long walkedMax = 0;
        for (int second = 0; second < 24 * 3600; second++)
        {
            _seconds = second;
            Tick(store);
            for (int i = 0; i < PerSecond; i++)
            {
                uint draw = random.Below(100);
                int life = 0;
                while (draw >= lives[life].Weight) draw -= lives[life++].Weight;
                byte[] key = Key("k" + life.ToString(CultureInfo.InvariantCulture), (int)random.Below(2_000_000));
                long before = _statistics.EvictionBytesWalked;
                StoreResult result = store.Put(
                    StoreMode.Set, key, new byte[50 + random.Below(400)], flags: 0, lives[life].Exptime);
                walkedMax = Math.Max(walkedMax, _statistics.EvictionBytesWalked - before);
                Assert.Equal((seed, second, StoreResult.Stored), (seed, second, result));
                if (store.TryGet(Key("steady", (int)random.Below(1000)), out _)) hits++;
            }
            Put(store, Key("steady", second % 1000), 100);
            if (second < 6 * 3600) continue;
            double ratio = (double)_statistics.Bytes / store.MemoryLength;
            ratioMin = Math.Min(ratioMin, ratio);
            ratioSum += ratio;
            ratioCount++;
        }
        Assert.True(hits > 0);
        Assert.Equal(0, _statistics.StoreNoMemory);
        Assert.Equal(0, _statistics.EvictedForIndex);
        Assert.True(ratioMin > 0.8, $"seed {seed}: {ratioMin}");
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"measured: 24 h, seed {seed}: live bytes {ratioSum / ratioCount:P1} of the memory, at least {ratioMin:P1}, "
            + $"evicted {_statistics.Evictions}, reclaimed {_statistics.CrawlerReclaimed}, compacted {_statistics.ItemsCompacted}, "
            + $"in haste {_statistics.EvictedInHaste}, worst walk {walkedMax} of {SegmentSize}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Few_items_of_many_segments_among_many_small_ones(ulong seed)
    {
        const int LargeSegment = 1 << 20;
        // 1 MiB less memcached's overhead, key and flags.
        const int LargeLength = LargeSegment - 100;
        Region memory = TestMemory.Rent(64 << 20);
        int segmentSize = StoreOptions.SegmentSizeFor(memory.Length);
        var store = new Store(memory, new StoreOptions(seed, segmentSize, itemSizeMax: 1 << 20), _statistics);
        var random = new Prng(seed);
        var last = new Dictionary<int, byte>();
        byte[] value = new byte[LargeLength];
        double ratioMin = 1;
        long smallWalkedMax = 0;
        int longWalkCount = 0;
        for (int step = 0; step < 100_000; step++)
        {
            bool isLarge = random.Chance(1, 100);
            int key = isLarge ? 1_000_000 + (int)random.Below(100) : (int)random.Below(200_000);
            byte fill = (byte)random.Next();
            Span<byte> part = value.AsSpan(0, isLarge ? LargeLength : (int)random.Below(500));
            part.Fill(fill);
            long before = _statistics.EvictionBytesWalked;
            StoreResult result = store.Put(StoreMode.Set, Key("k", key), part);
            long walked = _statistics.EvictionBytesWalked - before;
            if (!isLarge) smallWalkedMax = Math.Max(smallWalkedMax, walked);
            if (!isLarge && walked > LargeSegment / 8) longWalkCount++;
            Assert.Equal((seed, step, StoreResult.Stored), (seed, step, result));
            last[key] = fill;
            int other = (int)random.Below(200_000);
            if (store.TryGet(Key("k", other), out Item item))
            {
                Assert.True(item.ReadValue().AsSpan().IndexOfAnyExcept(last[other]) < 0, $"seed {seed}, step {step}, {other}");
            }
            if (step > 20_000) ratioMin = Math.Min(ratioMin, (double)_statistics.Bytes / store.MemoryLength);
        }
        Assert.Equal(0, _statistics.StoreNoMemory);
        Assert.True(_statistics.Evictions > 0);
        Assert.True(ratioMin > 0.75, $"seed {seed}: {ratioMin}");
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"measured: 1 % of 1 MiB, seed {seed}: live bytes {(double)_statistics.Bytes / store.MemoryLength:P1} of the "
            + $"memory, at least {ratioMin:P1}, {_statistics.CurrItems} items, evicted {_statistics.Evictions}, "
            + $"in haste {_statistics.EvictedInHaste}, worst walk of a small one {smallWalkedMax}, {longWalkCount} of more than an eighth of a segment"));
        TestMemory.Return(memory);
    }

    private static byte[] Key(string kind, int number) =>
        Encoding.Latin1.GetBytes(kind + number.ToString(CultureInfo.InvariantCulture));

    private static void Put(Store store, ReadOnlySpan<byte> key, int length, int exptime = 0) =>
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, key, new byte[length], flags: 0, exptime));

    private static void Fill(Store store, string kind, int count)
    {
        for (int i = 0; i < count; i++) Put(store, Key(kind, i), 100);
    }

    private static int ReadAll(Store store, string kind, int count)
    {
        int found = 0;
        for (int i = 0; i < count; i++)
        {
            if (store.TryGet(Key(kind, i), out _)) found++;
        }
        return found;
    }

    private Store NewStore(EvictionPolicy policy)
    {
        var options = new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20) { Policy = policy };
        var store = new Store(_memory, in options, _statistics);
        Tick(store);
        return store;
    }

    private void Tick(Store store) => store.Tick(_seconds * MicrosPerSecond, UnixStart + _seconds);
}
