using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>A walk over all items while the store goes on.</summary>
public sealed class ItemScanTests : IDisposable
{
    private const long MicrosPerSecond = 1_000_000;

    private readonly Region _memory = TestMemory.Rent(8 << 20);
    private readonly Statistics _statistics = new();

    public void Dispose() => TestMemory.Return(_memory);

    /// <summary>From and to how many homes, and how many lines a step may look at.</summary>
    public static TheoryData<ulong, int, int, int> Changes => new()
    {
        { 1, 64, 72, 1 }, { 2, 64, 128, 50 }, { 3, 64, 65, 3 }, { 4, 1, 2, 2 }, { 5, 1, 100, 40 }, { 6, 72, 64, 1 },
        { 7, 128, 64, 50 }, { 8, 65, 64, 3 }, { 9, 100, 1, 2 }, { 10, 300, 64, 40 }, { 11, 180, 160, 33 },
        { 12, 160, 180, 33 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_stays_is_visited_once_while_the_index_changes_its_size(ulong seed, int from, int to, int budget)
    {
        int target = Math.Min(from, to) * IndexLine.SlotCount * 9 / 10;
        for (int first = 0; first <= from; first += Math.Max(1, from / 7))
        {
            using var world = new IndexWorld(seed, from, keyCount: (target * 2) + 20);
            for (int step = 0; step < target * 4; step++) _ = world.ChangeSome(target);
            world.BeginResize(to);
            for (int sweep = 0; sweep < first && world.Index.IsResizing; sweep++) _ = world.Sweep();

            var scan = new ItemScan(world.Log, world.Index);
            scan.Begin();
            world.Watch();
            var visits = new Dictionary<int, int>();
            while (!scan.IsDone)
            {
                int left = budget;
                scan.Resume();
                while (scan.TryNext(ref left, out Item item))
                {
                    int key = world.KeyOf(in item);
                    visits[key] = visits.GetValueOrDefault(key) + 1;
                }
                if (world.Index.IsResizing) _ = world.Sweep();
                _ = world.ChangeSome(target);
            }
            string what = $"seed {seed}, begun after sweep {first}";
            foreach (int key in world.Unchanged)
            {
                Assert.Equal((what, key, 1), (what, key, visits.GetValueOrDefault(key)));
            }
        }
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 1000)]
    [InlineData(3, 33)]
    [InlineData(4, 100_000)]
    public void What_stays_is_visited_once_while_others_write(ulong seed, int budget)
    {
        var options = new StoreOptions(seed, 64 << 10, 64 << 10) { ItemSizeExpected = 4096 };
        var store = new Store(_memory, in options, _statistics);
        store.Tick(0, 1_700_000_000);
        var random = new Prng(seed);
        const int Steady = 3000;
        for (int i = 0; i < Steady; i++) Put(store, "steady", i, (int)random.Below(300));
        Assert.True(store.Crawler.TryBeginListing(out uint ticket));
        var visits = new Dictionary<string, int>();
        long resizes = 0;
        long writes = 0;
        while (true)
        {
            Assert.True(store.Crawler.TryResume(ticket, out ItemScan scan));
            int left = budget;
            while (scan.TryNext(ref left, out Item item))
            {
                string key = Encoding.Latin1.GetString(item.Key);
                visits[key] = visits.GetValueOrDefault(key) + 1;
            }
            if (scan.IsDone) break;
            int count = budget > 1000 ? 4000 : 40;
            for (int i = 0; i < count; i++)
            {
                // The steady ones are read so often that they are moved, not evicted.
                writes++;
                _ = store.TryGet(Key("steady", (int)random.Below(Steady)), out _);
                Put(store, "other", (int)random.Below(100_000), (int)random.Below(400));
                if (random.Chance(1, 10)) _ = store.TryDelete(Key("other", (int)random.Below(100_000)));
            }
            if (store.IsIndexResizing) resizes++;
        }
        store.Crawler.EndListing(ticket);
        foreach ((string key, int count) in visits) Assert.Equal((seed, key, 1), (seed, key, count));
        int there = 0;
        for (int i = 0; i < Steady; i++)
        {
            if (!store.TryGet(Key("steady", i), out _)) continue;
            there++;
            string key = Encoding.Latin1.GetString(Key("steady", i));
            Assert.Equal((seed, key, 1), (seed, key, visits.GetValueOrDefault(key)));
        }
        Assert.True(there > Steady / 2, $"{there} are there after {writes} writes");
        if (budget < 1000)
        {
            Assert.True(resizes > 0, "the index should change its size");
            Assert.True(_statistics.ItemsCompacted + _statistics.MovesToWarm > 0, "items should be moved");
        }
    }

    [Fact]
    public void Items_with_the_same_hash_are_visited_once_each()
    {
        const ulong Secret = 7;
        const int Count = 40;
        var store = new Store(_memory, new StoreOptions(Secret, 64 << 10, 64 << 10), _statistics);
        store.Tick(0, 1_700_000_000);
        // Who knows the secret can make the hash forget a word, by a zero for the factor that it is multiplied with.
        const int KeyLength = 24;
        var expand = new Prng(Secret);
        ulong first = expand.Next();
        _ = expand.Next();
        ulong zero = expand.Next() ^ first ^ KeyLength;
        for (int i = 0; i < Count; i++)
        {
            byte[] key = new byte[KeyLength];
            BinaryPrimitives.WriteInt32LittleEndian(key, i * 7919 % 256);
            BinaryPrimitives.WriteUInt64LittleEndian(key.AsSpan(8), zero);
            Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, key, "x"u8));
        }
        for (int budget = 1; budget < 200; budget += 33)
        {
            Assert.True(store.Crawler.TryBeginListing(out uint ticket));
            var seen = new HashSet<string>();
            var homes = new HashSet<ulong>();
            while (true)
            {
                Assert.True(store.Crawler.TryResume(ticket, out ItemScan scan));
                int left = budget;
                while (scan.TryNext(ref left, out Item item))
                {
                    Assert.True(seen.Add(Encoding.Latin1.GetString(item.Key)));
                    _ = homes.Add(new KeyedHash(Secret).Of(item.Key));
                }
                if (scan.IsDone) break;
            }
            store.Crawler.EndListing(ticket);
            Assert.Equal((Count, 1), (seen.Count, homes.Count));
        }
    }

    [Fact]
    public void A_walk_for_what_has_expired_goes_on_with_the_ticks()
    {
        var store = new Store(_memory, new StoreOptions(1, 64 << 10, 64 << 10), _statistics);
        store.Tick(0, 1_700_000_000);
        // Among others that stay, so that no segment of them is reclaimed as a whole.
        for (int i = 0; i < 5000; i++) Put(store, "short", i, 50, 500);
        for (int i = 0; i < 5000; i++) Put(store, "long", i, 50, 599);
        store.Tick(550 * MicrosPerSecond, 1_700_000_550);
        Assert.True(store.Crawler.TryBeginReclaiming());
        Assert.False(store.Crawler.TryBeginReclaiming());
        Assert.False(store.Crawler.TryBeginListing(out _));
        for (int i = 0; i < 100 && store.Crawler.IsRunning; i++) store.Tick(550 * MicrosPerSecond, 1_700_000_550);
        Assert.False(store.Crawler.IsRunning);
        Assert.Equal(5000, _statistics.CurrItems);
        Assert.Equal(5000, _statistics.CrawlerReclaimed);
        Assert.Equal(5000, _statistics.ExpiredUnfetched);
        Assert.True(_statistics.CrawlerItemsChecked >= 10_000);
        Assert.Equal(1, store.Crawler.StartCount);

        store.Crawler.ItemCountMax = 10;
        long before = _statistics.CrawlerItemsChecked;
        Assert.True(store.Crawler.TryBeginReclaiming());
        for (int i = 0; i < 100 && store.Crawler.IsRunning; i++) store.Tick(550 * MicrosPerSecond, 1_700_000_550);
        Assert.Equal(10, _statistics.CrawlerItemsChecked - before);
    }

    [Fact]
    public void Who_does_not_go_on_for_half_an_hour_loses_the_walk()
    {
        var store = new Store(_memory, new StoreOptions(1, 64 << 10, 64 << 10), _statistics);
        store.Tick(0, 1_700_000_000);
        Assert.True(store.Crawler.TryBeginListing(out uint first));
        store.Tick(1799 * MicrosPerSecond, 1_700_001_799);
        Assert.False(store.Crawler.TryBeginListing(out _));
        store.Tick(1800 * MicrosPerSecond, 1_700_001_800);
        Assert.True(store.Crawler.TryBeginListing(out uint second));
        Assert.False(store.Crawler.TryResume(first, out _));
        store.Crawler.EndListing(first);
        Assert.True(store.Crawler.TryResume(second, out _));
        store.Crawler.EndListing(second);
        Assert.False(store.Crawler.IsRunning);
    }

    private static byte[] Key(string kind, int number) =>
        Encoding.Latin1.GetBytes(kind + number.ToString(CultureInfo.InvariantCulture));

    private static void Put(Store store, string kind, int number, int length, int exptime = 0) =>
        Assert.Equal(
            StoreResult.Stored, store.Put(StoreMode.Set, Key(kind, number), new byte[length], flags: 0, exptime));
}
