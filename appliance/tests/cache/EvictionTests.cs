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

public sealed class EvictionTests : IDisposable
{
    private const int SegmentSize = 64 << 10;

    private readonly Region _memory = TestMemory.Rent(1 << 20);
    private readonly Statistics _statistics = new();
    private readonly Store _store;
    private readonly ITestOutputHelper _output;

    public EvictionTests(ITestOutputHelper output)
    {
        _output = output;
        _store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20), _statistics);
        _store.Tick(0, 1_700_000_000);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(1 << 30, (1 << 18) - 60)]
    [InlineData(1 << 16, (1 << 16) - 60)]
    public void An_item_takes_a_quarter_of_the_memory_at_most(int itemSizeMax, int valueLengthMax)
    {
        var store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax), _statistics);
        Assert.Equal(valueLengthMax + 60, store.ItemSizeMax);
        Assert.Equal(StoreResult.TooLarge, store.Put(StoreMode.Set, "a"u8, new byte[valueLengthMax + 1]));
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, "a"u8, new byte[valueLengthMax]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Storing_never_fails_and_what_is_there_is_right(ulong seed)
    {
        var random = new Prng(seed);
        var last = new Dictionary<string, byte>();
        byte[] value = new byte[SegmentSize];
        long stored = 0;
        for (int step = 0; step < 60_000; step++)
        {
            string key = "key" + random.Below(3000).ToString(CultureInfo.InvariantCulture);
            byte[] keyBytes = Encoding.Latin1.GetBytes(key);
            if (random.Chance(1, 2))
            {
                // Few are large, up to a whole segment.
                uint limit = random.Chance(1, 50) ? (uint)SegmentSize - 100 : 500;
                byte fill = (byte)random.Next();
                Span<byte> part = value.AsSpan(0, (int)random.Below(limit));
                part.Fill(fill);
                Assert.Equal((seed, step, StoreResult.Stored), (seed, step, _store.Put(StoreMode.Set, keyBytes, part)));
                last[key] = fill;
                stored++;
            }
            else if (_store.TryGet(keyBytes, out Item item))
            {
                bool isRight = last.TryGetValue(key, out byte fill) && item.ReadValue().AsSpan().IndexOfAnyExcept(fill) < 0;
                Assert.True(isRight, $"seed {seed}, step {step}, {key}");
            }
        }
        Assert.True(_statistics.Evictions > 0);
        Assert.Equal(stored, _statistics.TotalItems);
        Assert.InRange(_statistics.Bytes, _memory.Length / 3, _memory.Length);
        Assert.Equal(_statistics.CurrItems, CountPresent());
    }

    /// <summary>
    /// 16 bytes walked for each that is stored and, when that was not enough, one segment, two if the reserve was used
    /// up; and while the index wants a certain segment, 8 KiB.
    /// </summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    public void What_a_request_evicts_is_bounded(ulong seed, int memoryMebibytes)
    {
        const int IndexClaim = 8 << 10;
        int[] exptimes = [0, 5, 300, 3000, 100_000, 2_000_000];
        Region memory = TestMemory.Rent(memoryMebibytes << 20);
        var store = new Store(memory, new StoreOptions(seed, SegmentSize, itemSizeMax: 1 << 20), _statistics);
        var random = new Prng(seed);
        int keyCount = memoryMebibytes * 8000;
        int pieceLength = SegmentSize >> 4;
        byte[] value = new byte[SegmentSize];
        long worst = 0;
        for (int step = 0; step < 300_000; step++)
        {
            if (step % 100 == 0) store.Tick(step * 10_000L, 1_700_000_000 + (step / 100));
            byte[] key = Encoding.Latin1.GetBytes("key" + random.Below((uint)keyCount).ToString(CultureInfo.InvariantCulture));
            long before = _statistics.EvictionBytesWalked;
            if (random.Chance(2, 3))
            {
                _ = store.TryGet(key, out _);
                continue;
            }
            int length = (int)random.Below(random.Chance(1, 100) ? (uint)value.Length : 300);
            int exptime = exptimes[random.Below((uint)exptimes.Length)];
            Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, key, value.AsSpan(0, length), flags: 0, exptime));
            long walked = _statistics.EvictionBytesWalked - before;
            worst = Math.Max(worst, walked);
            // A long value is stored in several allocations.
            int allocationCount = 1 + (length / pieceLength);
            long bound = ((Evictor.PaceFactor + 1) * (long)(length + 100)) + (2 * allocationCount * SegmentSize) + IndexClaim;
            Assert.True(walked <= bound, $"seed {seed}, step {step}: {walked} for {length}, more than {bound}");
        }
        Assert.True(_statistics.Evictions > 0);
        Assert.True(_statistics.MovesWithinLru > 0);
        Assert.True(_statistics.EvictedInHaste * 20 < _statistics.Evictions, $"{_statistics.EvictedInHaste} in haste");
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"measured: eviction in {memoryMebibytes} MiB, seed {seed}: worst walk {worst}, evicted {_statistics.Evictions}, in haste "
            + $"{_statistics.EvictedInHaste}, moved {_statistics.MovesWithinLru + _statistics.MovesToWarm}"));
        TestMemory.Return(memory);
    }

    /// <summary>Values of many pieces, without small ones between them: what was read stays, and pays for it.</summary>
    [Theory]
    [InlineData(1, 150_000)]
    [InlineData(2, 300_000)]
    [InlineData(3, 1_000_000)]
    public void Large_values_alone_are_evicted_like_others(ulong seed, int lengthMax)
    {
        const int KeyCount = 400;
        Region memory = TestMemory.Rent(4 << 20);
        var store = new Store(memory, new StoreOptions(seed, SegmentSize, itemSizeMax: 1 << 20), _statistics);
        store.Tick(0, 1_700_000_000);
        var random = new Prng(seed);
        int[] lengths = new int[KeyCount];
        for (int i = 0; i < KeyCount; i++) lengths[i] = 1 + (int)random.Below((uint)lengthMax);
        for (int step = 0; step < 30_000; step++)
        {
            // The product of two favours the low numbers.
            int number = (int)(random.Below(KeyCount) * random.Below(KeyCount) / KeyCount);
            if (store.TryGet(Key(number), out _)) continue;
            Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(number), new byte[lengths[number]]));
        }
        Assert.True(_statistics.Evictions > 0);
        Assert.True(
            _statistics.EvictedInHaste * 5 < _statistics.Evictions,
            $"{_statistics.EvictedInHaste} of {_statistics.Evictions} in haste");
        TestMemory.Return(memory);
    }

    /// <summary>There are more streams, each with an open segment, than segments.</summary>
    [Fact]
    public void Every_lifetime_at_once_fits_into_few_segments()
    {
        int[] exptimes = [0, 60, 3 * 3600, 12 * 3600, 24 * 3600, 10 * 24 * 3600];
        Region memory = TestMemory.Rent(9 * SegmentSize);
        var store = new Store(memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 16), _statistics);
        store.Tick(0, 1_700_000_000);
        for (int i = 0; i < 30_000; i++)
        {
            Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(i), new byte[300], flags: 0, exptimes[i % exptimes.Length]));
            for (int back = 1; back < 40 && back < i; back += 7) _ = store.TryGet(Key(i - back), out _);
        }
        Assert.True(_statistics.Evictions > 0);
        TestMemory.Return(memory);
    }

    [Fact]
    public void Almost_all_of_the_memory_is_used()
    {
        Region memory = TestMemory.Rent(8 << 20);
        var statistics = new Statistics();
        var store = new Store(memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20), statistics);
        for (int i = 0; i < 200_000; i++)
        {
            Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(i), new byte[100]));
        }
        // All but the reserve, the open one, what is being evicted, the ghosts, and 7 bytes of index an item.
        Assert.InRange(statistics.Bytes, memory.Length * 9 / 10, memory.Length);
        TestMemory.Return(memory);
    }

    [Fact]
    public void What_is_read_outlives_what_is_not()
    {
        byte[] favourite = "favourite"u8.ToArray();
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, favourite, "v"u8));
        for (int i = 0; i < 100_000; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(i), new byte[100]));
            if (i % 1000 == 0) Assert.True(_store.TryGet(favourite, out _), $"lost after {i}");
        }
        Assert.True(_statistics.Evictions > 10 * _statistics.CurrItems);
        Assert.True(_statistics.EvictedUnfetched > 0);
    }

    [Fact]
    public void Nothing_is_evicted_while_most_of_the_memory_is_garbage()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(i), new byte[100]));
        }
        for (int i = 0; i < 100_000; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "counter"u8, new byte[200]));
        }
        Assert.Equal(0, _statistics.Evictions);
        for (int i = 0; i < 100; i++) Assert.True(_store.TryGet(Key(i), out _), $"key {i}");
    }

    [Fact]
    public void What_has_expired_is_reclaimed_before_what_has_not()
    {
        for (int i = 0; i < 3000; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(i), new byte[100], exptime: 1));
        }
        _store.Tick(2_000_000, 1_700_000_002);
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(10_000 + i), new byte[100]));
        }
        Assert.Equal(0, _statistics.Evictions);
        Assert.True(_statistics.Reclaimed > 0);
        Assert.True(_statistics.ExpiredUnfetched > 0);
    }

    [Fact]
    public void Abandoned_reservations_use_up_nothing()
    {
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "kept"u8, "v"u8));
        for (int i = 0; i < 10_000; i++)
        {
            StoreResult result = _store.TryReserve(StoreMode.Set, Key(i), 0, 0, 60_000, out Reservation reservation);
            Assert.Equal(StoreResult.Stored, result);
            _store.Abandon(ref reservation);
        }
        Assert.True(_store.TryGet("kept"u8, out _));
        Assert.Equal(0, _store.LeasedSegmentCount);
        Assert.Equal(0, _statistics.Evictions);
    }

    [Fact]
    public void A_leased_value_stays_as_it_was_while_others_come_and_go()
    {
        byte[] value = new byte[50_000];
        new Prng(5).Fill(value);
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "leased"u8, value));
        Assert.True(_store.TryGet("leased"u8, out Item item));
        Lease lease = _store.Hold(in item);
        Assert.True(_store.TryDelete("leased"u8));
        for (int i = 0; i < 20_000; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(i), new byte[300]));
        }
        Assert.Equal(value, _store.ReadValue(in lease));
        Assert.Equal(1, _store.LeasedSegmentCount);
        _store.Release(ref lease);
        Assert.Equal(0, _store.LeasedSegmentCount);
        Assert.Equal(0, _store.BrokenLeaseCount);
    }

    [Fact]
    public void Leases_on_everything_are_broken_rather_than_storing_refused()
    {
        var leases = new Lease[_store.SegmentCount * 2];
        byte[] value = new byte[60_000];
        int held = 0;
        for (int i = 0; i < leases.Length; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(i), value));
            Assert.True(_store.TryGet(Key(i), out Item item));
            leases[i] = _store.Hold(in item);
            if (_store.ReadValue(in leases[i]) != null) held++;
        }
        Assert.Equal(leases.Length, held);
        Assert.True(_store.BrokenLeaseCount > 0);
        Assert.Null(_store.ReadValue(in leases[0]));
        for (int i = 0; i < leases.Length; i++) _store.Release(ref leases[i]);
        Assert.Equal(0, _store.LeasedSegmentCount);
    }

    [Fact]
    public void A_broken_reservation_fails_and_takes_the_old_item_along()
    {
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "slow"u8, "old"u8));
        Assert.True(_store.TryGet("slow"u8, out _));
        StoreResult result = _store.TryReserve(StoreMode.Set, "slow"u8, 0, 0, 60_000, out Reservation slow);
        Assert.Equal(StoreResult.Stored, result);
        var others = new Reservation[_store.SegmentCount * 2];
        for (int i = 0; i < others.Length; i++)
        {
            result = _store.TryReserve(StoreMode.Set, Key(i), 0, 0, 60_000, out others[i]);
            Assert.Equal(StoreResult.Stored, result);
            Assert.True(_store.TryFill(ref others[i], new byte[59_999]));
        }
        Assert.False(_store.TryFill(ref slow, "x"u8));
        _store.Abandon(ref slow);
        Assert.False(_store.TryGet("slow"u8, out _));
        for (int i = 0; i < others.Length; i++) _store.Abandon(ref others[i]);
        Assert.Equal(0, _store.LeasedSegmentCount);
    }

    [Theory]
    [InlineData(StoreMode.Set, false)]
    [InlineData(StoreMode.Add, true)]
    [InlineData(StoreMode.Replace, true)]
    [InlineData(StoreMode.Append, true)]
    [InlineData(StoreMode.Cas, true)]
    public void Only_a_set_that_loses_its_place_takes_the_old_item_along(StoreMode mode, bool isOldKept)
    {
        // The old item and the place of the new one do not share a segment.
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "slow"u8, "old"u8));
        Assert.True(_store.TryGet("slow"u8, out _));
        for (int i = 0; i < SegmentSize / 100; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key(1_000_000 + i), new byte[100]));
        }
        Assert.Equal(StoreResult.Stored, _store.TryReserve(mode, "slow"u8, 0, 0, 60_000, out Reservation slow));
        Assert.True(_store.TryFill(ref slow, new byte[59_000]));
        var others = new Reservation[_store.SegmentCount * 2];
        int count = 0;
        while (_store.TryFill(ref slow, "x"u8))
        {
            StoreResult result = _store.TryReserve(StoreMode.Set, Key(count), 0, 0, 60_000, out others[count]);
            Assert.Equal(StoreResult.Stored, result);
            _ = _store.TryFill(ref others[count], new byte[59_999]);
            count++;
        }
        Assert.Equal(isOldKept, _store.TryGet("slow"u8, out _));
        _store.Abandon(ref slow);
        for (int i = 0; i < count; i++) _store.Abandon(ref others[i]);
        Assert.Equal(0, _store.LeasedSegmentCount);
    }

    private static byte[] Key(int number) =>
        Encoding.Latin1.GetBytes("k" + number.ToString(CultureInfo.InvariantCulture));

    private long CountPresent()
    {
        long present = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] key = Encoding.Latin1.GetBytes("key" + i.ToString(CultureInfo.InvariantCulture));
            if (_store.TryGet(key, out _)) present++;
        }
        return present;
    }
}
