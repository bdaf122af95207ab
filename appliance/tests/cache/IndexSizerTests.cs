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

/// <summary>The store's index is as large as the items want it.</summary>
public sealed class IndexSizerTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const int SmallLength = 8;
    private const int LargeLength = 6000;

    private readonly Region _memory = TestMemory.Rent(8 << 20);
    private readonly Statistics _statistics = new();
    private readonly Store _store;
    private readonly byte[] _value = new byte[LargeLength];
    private readonly ITestOutputHelper _output;

    public IndexSizerTests(ITestOutputHelper output)
    {
        _output = output;
        _store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20), _statistics);
        _store.Tick(0, 1_700_000_000);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Fact]
    public void It_grows_with_the_items_and_loses_none_while_memory_is_free()
    {
        const int Count = 150_000;
        long lengthAtFirst = _store.IndexLength;
        for (int i = 0; i < Count; i++) Put(i, SmallLength, (byte)i);
        Assert.Equal(0, _statistics.Evictions);
        Assert.Equal(0, _statistics.EvictedForIndex);
        Assert.Equal(Count, _statistics.CurrItems);
        for (int i = 0; i < Count; i++) Assert.True(IsThere(i, SmallLength, (byte)i), $"item {i}");
        // A line for every ten items, at 90 % or somewhat below.
        Assert.True(_store.IndexLength > lengthAtFirst);
        long fullLength = Count / IndexLine.SlotCount * IndexLine.Size;
        Assert.InRange(_store.IndexLength, fullLength, fullLength * 3 / 2);
    }

    /// <summary>A million items: what goes wrong once in hundreds of thousands shows.</summary>
    [Fact]
    public void A_large_one_loses_none_either()
    {
        const int Count = 1_000_000;
        Region memory = TestMemory.Rent(64 << 20);
        int segmentSize = StoreOptions.SegmentSizeFor(memory.Length);
        var store = new Store(memory, new StoreOptions(secret: 7, segmentSize, itemSizeMax: 1 << 20), _statistics);
        for (int i = 0; i < Count; i++) Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Key(i), "ab"u8));
        Assert.Equal(0, _statistics.Evictions);
        Assert.Equal(Count, _statistics.CurrItems);
        TestMemory.Return(memory);
    }

    [Fact]
    public void It_shrinks_when_most_items_are_deleted()
    {
        const int Count = 150_000;
        const int KeptCount = 100;
        long lengthAtFirst = _store.IndexLength;
        for (int i = 0; i < Count; i++) Put(i, SmallLength, (byte)i);
        for (int i = KeptCount; i < Count; i++) Assert.True(_store.TryDelete(Key(i)), $"item {i}");
        for (int i = 0; i < Count; i++) Put(i % 10, SmallLength, (byte)i);
        Assert.False(_store.IsIndexResizing);
        Assert.Equal(lengthAtFirst, _store.IndexLength);
        Assert.InRange(_store.FreeSegmentCount, _store.SegmentCount - 5, _store.SegmentCount);
        Assert.Equal(0, _statistics.Evictions);
        for (int i = 10; i < KeptCount; i++) Assert.True(IsThere(i, SmallLength, (byte)i), $"item {i}");
    }

    [Fact]
    public void It_shrinks_when_large_items_take_the_place_of_small_ones()
    {
        long lengthAtFirst = _store.IndexLength;
        for (int i = 0; i < 300_000; i++) Put(i, SmallLength, (byte)i);
        Assert.True(_statistics.Evictions > 0);
        Assert.Equal(0, _statistics.EvictedForIndex);
        Assert.True(_store.IndexLength > 10 * lengthAtFirst);
        for (int i = 0; i < 120_000; i++) Put(1_000_000 + i, LargeLength, (byte)i);
        Assert.Equal(lengthAtFirst, _store.IndexLength);
        Assert.Equal(0, _statistics.EvictedForIndex);
        // The segments came back: the large items lie in them.
        Assert.InRange(_statistics.Bytes, _store.MemoryLength * 8 / 10, _store.MemoryLength);
    }

    [Fact]
    public void Nothing_is_evicted_for_a_segment_that_a_reader_holds()
    {
        for (int i = 0; i < 10_000; i++) Put(i, 900, (byte)i);
        Assert.True(_statistics.Evictions > 0);
        int wanted = (int)(_store.IndexLength / SegmentSize);
        Lease lease = default;
        for (int i = 0; i < 10_000 && !lease.IsHeld; i++)
        {
            if (!_store.TryGet(Key(i), out Item item)) continue;
            Lease candidate = _store.Hold(in item);
            if ((int)((long)candidate.Location * 4 / SegmentSize) == wanted) lease = candidate;
            else _store.Release(ref candidate);
        }
        Assert.True(lease.IsHeld);
        // Beyond 9 of 10 slots, where it wants more, but not until there are none left.
        long lengthBefore = _store.IndexLength;
        for (int i = 0; _statistics.CurrItems < 9900; i++)
        {
            Put(1_000_000 + i, SmallLength, (byte)i);
            Assert.True(_store.FreeSegmentCount <= 3, $"item {i}: {_store.FreeSegmentCount} segments free");
        }
        Assert.Equal(0, _statistics.EvictedForIndex);
        Assert.Equal(lengthBefore, _store.IndexLength);
        _store.Release(ref lease);
        for (int i = 0; i < 50_000; i++) Put(2_000_000 + i, SmallLength, (byte)i);
        Assert.True(_store.IndexLength > lengthBefore);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Storing_never_fails_while_sizes_shift(ulong seed)
    {
        var random = new Prng(seed);
        var last = new Dictionary<int, (int Length, byte Fill)>();
        var live = new List<string>();
        long walkedMax = 0;
        for (int phase = 0; phase < 6; phase++)
        {
            bool isSmall = phase % 2 == 0;
            int stepCount = isSmall ? 200_000 : 8000;
            uint keyCount = isSmall ? 400_000u : 20_000u;
            for (int step = 0; step < stepCount; step++)
            {
                int key = (int)random.Below(keyCount);
                if (random.Chance(1, 4))
                {
                    bool isThere = _store.TryGet(Key(key), out Item item);
                    Assert.True(!isThere || IsRight(in item, last, key), $"seed {seed}, phase {phase}, step {step}");
                    continue;
                }
                if (random.Chance(1, 20) && _store.TryDelete(Key(key)))
                {
                    Assert.True(last.Remove(key));
                    continue;
                }
                int length = (int)random.Below(isSmall ? SmallLength + 1u : LargeLength + 1u);
                byte fill = (byte)random.Next();
                long before = _statistics.EvictionBytesWalked;
                Put(key, length, fill);
                walkedMax = Math.Max(walkedMax, _statistics.EvictionBytesWalked - before);
                last[key] = (length, fill);
            }
            // Of tiny items much of the memory is index.
            live.Add($"{100 * (_statistics.Bytes + _store.IndexLength) / _store.MemoryLength} %");
            long present = 0;
            foreach (int key in last.Keys)
            {
                if (!_store.TryGet(Key(key), out Item item)) continue;
                Assert.True(IsRight(in item, last, key), $"seed {seed}, phase {phase}, key {key}");
                present++;
            }
            Assert.Equal((seed, phase, present), (seed, phase, _statistics.CurrItems));
            Assert.Equal((seed, phase, 0L), (seed, phase, _statistics.EvictedForIndex));
        }
        Assert.True(_statistics.Evictions > 0);
        Assert.Equal(0, _statistics.StoreNoMemory);
        _output.WriteLine(
            $"measured: sizes shift, seed {seed}: live bytes and index {string.Join(", ", live)} of the memory at the ends "
            + $"of small, large, small ..., evicted {_statistics.Evictions}, in haste {_statistics.EvictedInHaste}, worst "
            + $"walk {walkedMax}");
    }

    private static byte[] Key(int number) => Encoding.Latin1.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static bool IsRight(in Item item, Dictionary<int, (int Length, byte Fill)> last, int key) =>
        last.TryGetValue(key, out (int Length, byte Fill) expected)
        && item.ValueLength == expected.Length
        && item.ReadValue().AsSpan().IndexOfAnyExcept(expected.Fill) < 0;

    private void Put(int number, int length, byte fill)
    {
        Span<byte> value = _value.AsSpan(0, length);
        value.Fill(fill);
        StoreResult result = _store.Put(StoreMode.Set, Key(number), value);
        Assert.True(result == StoreResult.Stored, $"item {number}: {result}");
    }

    private bool IsThere(int number, int length, byte fill) =>
        _store.TryGet(Key(number), out Item item)
        && item.ValueLength == length
        && item.ReadValue().AsSpan().IndexOfAnyExcept(fill) < 0;
}
