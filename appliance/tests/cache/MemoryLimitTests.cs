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

/// <summary>cache_memlimit: the store uses less than its memory, and all of it again.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private const int MemoryLength = 32 << 20;
    private const int SegmentSize = 64 << 10;
    private const long MicrosPerSecond = 1_000_000;

    private readonly Region _memory = TestMemory.Rent(MemoryLength);
    private readonly Statistics _statistics = new();
    private readonly ITestOutputHelper _output;

    public MemoryLimitTests(ITestOutputHelper output) => _output = output;

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(EvictionPolicy.S3Fifo)]
    [InlineData(EvictionPolicy.Lru)]
    public void Ticks_alone_bring_a_full_store_down_and_the_oldest_go(EvictionPolicy policy)
    {
        Store store = NewStore(1, policy);
        for (int i = 0; i < 100_000; i++) Put(store, i, 400);
        long before = _statistics.CurrItems;
        Assert.True(store.TrySetMemoryLimit(MemoryLength / 2));
        Assert.Equal(MemoryLength / 2, store.MemoryLimit);
        int ticks = 0;
        while (Used(store) > MemoryLength / 2)
        {
            long walked = _statistics.EvictionBytesWalked;
            Tick(store);
            Assert.InRange(_statistics.EvictionBytesWalked - walked, 0, (512 << 10) + SegmentSize + (64 << 10));
            Assert.True(ticks++ < 1000, "it does not come down");
        }
        _output.WriteLine($"measured: {policy}: from 32 to 16 MiB in {ticks} ticks");
        Assert.InRange(_statistics.CurrItems, before * 40 / 100, before * 55 / 100);
        // The last that were stored are there.
        for (int i = 90_000; i < 100_000; i++) Assert.True(store.TryGet(Key(i), out _), $"{policy}: item {i}");
        // It stays down, and works.
        for (int i = 0; i < 100_000; i++) Put(store, 1_000_000 + i, 400);
        Assert.InRange(Used(store), MemoryLength / 4, MemoryLength / 2);

        Assert.True(store.TrySetMemoryLimit(MemoryLength));
        for (int i = 0; i < 10; i++) Tick(store);
        Assert.Equal(store.SegmentCount, store.UsedSegmentCount);
        for (int i = 0; i < 100_000; i++) Put(store, i, 400);
        Assert.InRange(_statistics.CurrItems, before * 90 / 100, before * 110 / 100);
    }

    [Fact]
    public void What_is_free_goes_first()
    {
        Store store = NewStore(1, EvictionPolicy.S3Fifo);
        for (int i = 0; i < 20_000; i++) Put(store, i, 400);
        Assert.True(store.TrySetMemoryLimit(20 << 20));
        for (int i = 0; i < 10; i++) Tick(store);
        Assert.InRange(Used(store), 1, 20 << 20);
        Assert.Equal((0, 20_000), (_statistics.Evictions, _statistics.CurrItems));
    }

    [Fact]
    public void Limits_that_cannot_be_are_refused()
    {
        Store store = NewStore(1, EvictionPolicy.S3Fifo);
        Assert.False(store.TrySetMemoryLimit(MemoryLength + 1));
        Assert.False(store.TrySetMemoryLimit(7 * SegmentSize));
        Assert.Equal(MemoryLength, store.MemoryLimit);
        Assert.True(store.TrySetMemoryLimit(MemoryLength));
    }

    [Fact]
    public void Items_are_limited_to_a_quarter_of_the_limit()
    {
        Store store = NewStore(1, EvictionPolicy.S3Fifo);
        byte[] value = new byte[3 << 20];
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(1), value));
        Assert.True(store.TrySetMemoryLimit(8 << 20));
        Assert.Equal(StoreResult.TooLarge, store.Put(StoreMode.Set, Key(1), value));
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(1), value.AsSpan(0, 1 << 20)));
    }

    [Theory]
    [InlineData(1, EvictionPolicy.S3Fifo, 4096)]
    [InlineData(2, EvictionPolicy.S3Fifo, 64)]
    [InlineData(3, EvictionPolicy.Lru, 1024)]
    [InlineData(4, EvictionPolicy.S3Fifo, 1024)]
    [InlineData(5, EvictionPolicy.Lru, 64)]
    public void The_limit_changes_again_and_again_under_load(ulong seed, EvictionPolicy policy, int itemSizeExpected)
    {
        Store store = NewStore(seed, policy, itemSizeExpected);
        var random = new Prng(seed);
        var last = new Dictionary<int, (byte Fill, int Length)>();
        var leases = new List<(Lease Lease, byte Fill)>();
        byte[] value = new byte[200_000];
        int comesDown = 0;
        int converged = 0;
        for (int step = 0; step < 200_000; step++)
        {
            string what = $"seed {seed}, step {step}";
            if (step % 10_000 == 0)
            {
                if (comesDown > 0 && Used(store) <= store.MemoryLimit) converged++;
                long limit = (1 + (long)random.Below(32)) << 20;
                comesDown++;
                Assert.True(store.TrySetMemoryLimit(limit), what);
            }
            int key = (int)random.Below(100_000);
            bool isLarge = random.Chance(1, 500);
            byte fill = (byte)random.Next();
            int length = isLarge ? (int)random.Below((uint)value.Length) : (int)random.Below(600);
            value.AsSpan(0, length).Fill(fill);
            long walked = _statistics.EvictionBytesWalked;
            int exptime = random.Chance(1, 4) ? 5 : 0;
            StoreResult result = store.Put(StoreMode.Set, Key(key), value.AsSpan(0, length), 0, exptime);
            Assert.Equal((what, StoreResult.Stored), (what, result));
            if (!isLarge) Assert.InRange(_statistics.EvictionBytesWalked - walked, 0, 4 * SegmentSize);
            last[key] = (fill, length);
            int other = (int)random.Below(100_000);
            if (store.TryGet(Key(other), out Item item))
            {
                Assert.Equal((what, last[other].Length), (what, item.ValueLength));
                Assert.True(item.ReadValue().AsSpan().IndexOfAnyExcept(last[other].Fill) < 0, what);
                if (leases.Count < 20 && random.Chance(1, 50)) leases.Add((store.Hold(in item), last[other].Fill));
            }
            if (leases.Count > 0 && random.Chance(1, 50))
            {
                (Lease lease, byte held) = leases[0];
                leases.RemoveAt(0);
                byte[]? kept = store.ReadValue(in lease);
                Assert.True(kept == null || kept.AsSpan().IndexOfAnyExcept(held) < 0, what);
                store.Release(ref lease);
            }
            if (random.Chance(1, 100)) _ = store.TryDelete(Key((int)random.Below(100_000)));
            if (step % 500 == 0) store.Tick(step / 500 * (MicrosPerSecond / 5), 1_700_000_000 + (step / 2500));
        }
        foreach ((Lease lease, byte _) in leases)
        {
            Lease released = lease;
            store.Release(ref released);
        }
        Assert.Equal(0, store.LeasedSegmentCount);
        Assert.Equal(0, _statistics.StoreNoMemory);
        // 10,000 stores of 300 bytes are enough for all but the largest steps.
        Assert.True(converged >= comesDown * 6 / 10, $"seed {seed}: {converged} of {comesDown}");
        Assert.Equal(0, _statistics.EvictedForIndex);
        _output.WriteLine($"measured: seed {seed}: {converged} of {comesDown} limits reached, worst walk "
            + $"{_statistics.EvictionBytesWalkedMax}, in haste {_statistics.EvictedInHaste}");
    }

    private static long Used(Store store) => (long)store.UsedSegmentCount * SegmentSize;

    private static byte[] Key(int number) =>
        Encoding.Latin1.GetBytes("key" + number.ToString(CultureInfo.InvariantCulture));

    private static void Put(Store store, int number, int length) =>
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(number), new byte[length]));

    private static void Tick(Store store) => store.Tick(0, 1_700_000_000);

    private Store NewStore(ulong secret, EvictionPolicy policy, int itemSizeExpected = 1024)
    {
        var options = new StoreOptions(secret, SegmentSize, itemSizeMax: 4 << 20)
        {
            Policy = policy, ItemSizeExpected = itemSizeExpected,
        };
        var store = new Store(_memory, in options, _statistics);
        Tick(store);
        return store;
    }
}
