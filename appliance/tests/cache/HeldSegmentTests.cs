using System;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>What becomes of segments that are full while uploads and readers still hold them.</summary>
public sealed class HeldSegmentTests : IDisposable
{
    private const int LargeLength = 1_000_000;

    private readonly Region _memory = TestMemory.Rent(64 << 20);
    private readonly Statistics _statistics = new();
    private readonly Store _store;

    public HeldSegmentTests()
    {
        _store = new Store(_memory, new StoreOptions(secret: 1), _statistics);
        _store.Tick(0, 1_700_000_000);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, Key("cold", i), new byte[100_000]));
        }
        Assert.True(_statistics.Evictions > 0);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Fact]
    public void Large_values_whose_uploads_overlap_outlive_what_is_older()
    {
        const int Count = 20;
        byte[] half = new byte[LargeLength / 2];
        var uploads = new Reservation[Count];
        for (int i = 0; i <= Count; i++)
        {
            if (i < Count)
            {
                StoreResult result =
                    _store.TryReserve(StoreMode.Set, Key("large", i), 0, 0, LargeLength, out uploads[i]);
                Assert.Equal(StoreResult.Stored, result);
                Assert.True(_store.TryFill(ref uploads[i], half));
            }
            if (i == 0) continue;
            Assert.True(_store.TryFill(ref uploads[i - 1], half));
            Assert.Equal(StoreResult.Stored, _store.Commit(ref uploads[i - 1], StoreMode.Set, 0));
        }
        for (int i = 0; i < Count; i++) Assert.True(_store.TryGet(Key("large", i), out _), $"large value {i}");
    }

    [Fact]
    public void Stalled_readers_do_not_make_uploads_fail()
    {
        const int Parallel = 8;
        var leases = new Lease[1000];
        int held = 0;
        for (int i = 0; i < 1000 && _store.LeasedSegmentCount < _store.SegmentCount - 1; i++)
        {
            int segmentsHeld = _store.LeasedSegmentCount;
            if (!_store.TryGet(Key("cold", i), out Item item)) continue;
            leases[held] = _store.Hold(in item);
            if (_store.LeasedSegmentCount > segmentsHeld) held++;
            else _store.Release(ref leases[held]);
        }
        Assert.InRange(_store.LeasedSegmentCount, _store.SegmentCount - 4, _store.SegmentCount - 1);

        byte[] half = new byte[LargeLength / 2];
        var uploads = new Reservation[Parallel];
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < Parallel; i++)
            {
                StoreResult result =
                    _store.TryReserve(StoreMode.Set, Key("large", i), 0, 0, LargeLength, out uploads[i]);
                Assert.Equal(StoreResult.Stored, result);
                Assert.True(_store.TryFill(ref uploads[i], half));
            }
            for (int i = 0; i < Parallel; i++)
            {
                Assert.True(_store.TryFill(ref uploads[i], half), $"round {round}, upload {i}");
                Assert.Equal(StoreResult.Stored, _store.Commit(ref uploads[i], StoreMode.Set, 0));
            }
        }
        for (int i = 0; i < held; i++) _store.Release(ref leases[i]);
        Assert.Equal(0, _store.LeasedSegmentCount);
    }

    /// <summary>
    /// What is joined may need the memory of the very upload that brings a part of it. Whatever comes of that, nothing
    /// else is touched.
    /// </summary>
    [Theory]
    [InlineData(StoreMode.Prepend, 100)]
    [InlineData(StoreMode.Append, 100)]
    [InlineData(StoreMode.Prepend, 9000)]
    [InlineData(StoreMode.Append, 9000)]
    public void An_upload_that_breaks_itself_harms_nobody(StoreMode mode, int addedLength)
    {
        for (int before = 0; before < 4; before++)
        {
            for (int count = 0; count < 90; count++) JoinWithHeld(mode, addedLength, before, count);
        }
    }

    private static void JoinWithHeld(StoreMode mode, int addedLength, int before, int count)
    {
        const int SmallSegment = 16 << 10;
        const int FillerCount = 24;
        Region memory = TestMemory.Rent(16 * SmallSegment);
        var store = new Store(memory, new StoreOptions(secret: 1, SmallSegment, itemSizeMax: 60_000), new Statistics());
        store.Tick(0, 1_700_000_000);
        byte[] old = new byte[30_000];
        old.AsSpan().Fill((byte)'o');
        byte[] added = new byte[addedLength];
        added.AsSpan().Fill((byte)'a');
        for (int i = 0; i < before; i++) _ = store.Put(StoreMode.Set, Key("before", i), new byte[1000]);
        _ = store.TryReserve(mode, "key"u8, 0, 0, addedLength, out Reservation upload);
        Assert.True(store.TryFill(ref upload, added));
        var uploads = new Reservation[FillerCount + count];
        for (int i = 0; i < FillerCount; i++) _ = store.TryReserve(StoreMode.Set, Key("filler", i), 0, 0, 2000, out uploads[i]);
        Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, "key"u8, old));
        Assert.True(store.TryGet("key"u8, out Item held));
        Lease reader = store.Hold(in held);
        for (int i = FillerCount; i < uploads.Length; i++) _ = store.TryReserve(StoreMode.Set, Key("other", i), 0, 0, 2000, out uploads[i]);
        StoreResult result = store.Commit(ref upload, mode, 0);
        if (result == StoreResult.Stored && store.TryGet("key"u8, out Item item))
        {
            byte[] expected = mode == StoreMode.Append ? [.. old, .. added] : [.. added, .. old];
            Assert.True(expected.AsSpan().SequenceEqual(item.ReadValue()), $"{before}, {count}");
        }
        for (int i = 0; i < uploads.Length; i++) store.Abandon(ref uploads[i]);
        store.Release(ref reader);
        Assert.Equal((before, count, 0), (before, count, store.LeasedSegmentCount));
        for (int i = 0; i < 300; i++) _ = store.Put(StoreMode.Set, Key("after", i), new byte[3000]);
        TestMemory.Return(memory);
    }

    private static byte[] Key(string kind, int number) =>
        Encoding.Latin1.GetBytes(kind + number.ToString(CultureInfo.InvariantCulture));
}
