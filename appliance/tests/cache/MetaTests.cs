using System;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>
/// What the model of the meta commands does not reach: the order of flags, counters, and a lack of room.
/// </summary>
public sealed class MetaTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const int ItemSizeMax = 100_000;

    private readonly Region _memory = TestMemory.Rent(1 << 20);
    private readonly Statistics _statistics = new();
    private readonly Store _store;

    public MetaTests()
    {
        _store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, ItemSizeMax), _statistics);
        _store.Tick(0, 1_700_000_000);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(true, 100, false)]
    [InlineData(true, 10, true)]
    [InlineData(false, 100, true)]
    [InlineData(false, 10, true)]
    public void Recache_looks_at_the_exptime_that_there_is_when_its_turn_comes(bool isAfter, int exptime, bool wins)
    {
        Put("a"u8, exptime: 20);
        var options = new MetaGetOptions
        {
            SetsExptime = true, Exptime = exptime, Recaches = true, RecacheExptime = 30, RecachesAfterExptime = isAfter,
        };
        Assert.True(_store.TryMetaGet("a"u8, in options, out Item item, out MetaGetResult result));
        Assert.Equal(wins, result.HasWon);
        Assert.Equal(20, _store.Lifetime.SecondsLeft(result.ExptimeBefore));
        Assert.Equal(exptime, _store.Lifetime.SecondsLeft(item.Exptime));
    }

    [Fact]
    public void One_client_wins_and_the_others_see_that()
    {
        Put("a"u8);
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, new MetaDeleteOptions { Invalidates = true }));
        Assert.Equal("X W", Ask("a"u8));
        Assert.Equal("Z X", Ask("a"u8));
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, new MetaDeleteOptions { Invalidates = true }));
        Assert.Equal("X W", Ask("a"u8));
        Put("a"u8);
        Assert.Equal("", Ask("a"u8));
    }

    [Fact]
    public void What_is_known_of_an_item_goes_where_it_goes()
    {
        // Without an exptime there is no field for one: touching moves it.
        Put("a"u8);
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, new MetaDeleteOptions { Invalidates = true }));
        Assert.Equal("X W", Ask("a"u8));
        _store.Tick(5_000_000, 1_700_000_005);
        var options = new MetaGetOptions { SetsExptime = true, Exptime = 100, IsUnseen = true };
        for (uint i = 0; i < 2; i++)
        {
            Assert.True(_store.TryMetaGet("a"u8, in options, out Item item, out MetaGetResult result));
            Assert.True(item.IsStale);
            Assert.True(result.IsWonByOther);
            Assert.Equal(5u, result.SecondsSinceAccess);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(1UL + uint.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void A_client_chooses_any_cas(ulong cas)
    {
        Put("md"u8);
        Put("ma"u8, "1"u8.ToArray());
        Put("9"u8, "9"u8.ToArray());
        Put("x"u8);
        Put("far"u8, cas: 3UL << 40);
        var delete = new MetaDeleteOptions { Invalidates = true, HasNewCas = true, NewCas = cas };
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("md"u8, in delete));
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("far"u8, in delete));
        delete.DropsValue = true;
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("x"u8, in delete));
        var add = new DeltaOptions(isIncrement: true, delta: 1) { HasNewCas = true, NewCas = cas, Vivifies = true };
        Assert.Equal(DeltaResult.Done, _store.TryAdd("ma"u8, in add, out _));
        Assert.Equal(DeltaResult.Done, _store.TryAdd("9"u8, in add, out _));
        Assert.Equal(DeltaResult.Done, _store.TryAdd("made by ma"u8, in add, out _));
        var get = new MetaGetOptions { Vivifies = true, HasNewCas = true, NewCas = cas };
        Assert.True(_store.TryMetaGet("made by mg"u8, in get, out _, out _));
        if (cas != 0) Put("ms"u8, cas: cas);

        // Moving them changes nothing.
        for (int exptime = 0; exptime < 2; exptime++)
        {
            foreach (string key in new[] { "md", "far", "x", "ma", "9", "made by ma", "made by mg", "ms" })
            {
                bool isThere = _store.TryGetAndTouch(System.Text.Encoding.ASCII.GetBytes(key), exptime, out Item item);
                if (isThere) Assert.Equal((key, cas), (key, item.Cas));
                else Assert.Equal((0UL, "ms"), (cas, key));
            }
        }
    }

    [Fact]
    public void A_lower_cas_stores_what_is_stale_and_lives_as_long_as_the_old_value()
    {
        Put("first"u8);
        foreach (int length in new[] { 1, 50_000 })
        {
            Put("a"u8, new byte[length], exptime: 1000);
            Assert.True(_store.TryGet("a"u8, out Item item));
            ulong cas = item.Cas;
            var terms = new StoreTerms(StoreMode.Cas) { Cas = cas - 1, MayStoreStale = true };
            byte[] value = Fill(length, 1);
            Assert.Equal(StoreResult.Stored, Store("a"u8, value, in terms, exptime: 0, out StoredItem stored));
            Assert.True(stored.Cas > cas);
            Assert.True(_store.TryPeek("a"u8, out item));
            Assert.True(item.IsStale);
            Assert.Equal(1000, _store.Lifetime.SecondsLeft(item.Exptime));
            Assert.Equal(value, item.ReadValue());

            terms.Cas = stored.Cas + 1;
            Assert.Equal(StoreResult.Exists, Store("a"u8, value, in terms, exptime: 0, out stored));
            Assert.Equal((0UL, length), (stored.Cas, stored.ValueLength));
        }
    }

    [Fact]
    public void Invalidation_does_not_disturb_a_reader()
    {
        byte[] value = Fill(50_000, 7);
        Put("a"u8, value);
        Assert.True(_store.TryGet("a"u8, out Item item));
        Lease lease = _store.Hold(in item);
        var options = new MetaDeleteOptions { Invalidates = true, SetsExptime = true, Exptime = 10 };
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, in options));
        options.DropsValue = true;
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, in options));
        Assert.Equal(value, _store.ReadValue(in lease));
        _store.Release(ref lease);
        Assert.True(_store.TryGet("a"u8, out item));
        Assert.Equal(0, item.ValueLength);
        Assert.Equal(0, _store.LeasedSegmentCount);
    }

    [Theory]
    [InlineData(StoreMode.Add)]
    [InlineData(StoreMode.Cas)]
    [InlineData(StoreMode.Append)]
    public void What_is_too_large_for_ms_takes_the_old_item_along(StoreMode mode)
    {
        Put("a"u8);
        var terms = new StoreTerms(mode);
        Assert.Equal(StoreResult.TooLarge, _store.TryReserve(in terms, "a"u8, 0, 0, ItemSizeMax, out _));
        Assert.True(_store.TryPeek("a"u8, out _));
        terms.EndsOldOnFailure = true;
        Assert.Equal(StoreResult.TooLarge, _store.TryReserve(in terms, "a"u8, 0, 0, ItemSizeMax, out _));
        Assert.False(_store.TryPeek("a"u8, out _));
    }

    [Fact]
    public void A_number_of_the_same_length_stays_stale_wherever_it_is_written()
    {
        Put("a"u8, "1"u8.ToArray());
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, new MetaDeleteOptions { Invalidates = true }));
        Assert.True(_store.TryGet("a"u8, out Item item));
        Lease lease = _store.Hold(in item);
        var options = new DeltaOptions(isIncrement: true, delta: 1);
        Assert.Equal(DeltaResult.Done, _store.TryAdd("a"u8, in options, out DeltaOutcome outcome));
        Assert.Equal("1"u8.ToArray(), _store.ReadValue(in lease));
        _store.Release(ref lease);
        Assert.True(_store.TryPeek("a"u8, out item));
        Assert.Equal((true, outcome.Cas), (item.IsStale, item.Cas));

        options = new DeltaOptions(isIncrement: true, delta: 8);
        Assert.Equal(DeltaResult.Done, _store.TryAdd("a"u8, in options, out outcome));
        Assert.Equal(10u, outcome.Value);
        Assert.True(_store.TryPeek("a"u8, out item));
        Assert.False(item.IsStale);
    }

    [Fact]
    public void Counts_as_memcached_does()
    {
        Put("a"u8);
        Assert.Equal("", Ask("a"u8));
        Assert.Equal((1, 1, 0), (_statistics.CmdGet, _statistics.GetHits, _statistics.GetMisses));
        var touch = new MetaGetOptions { SetsExptime = true, Exptime = 10 };
        Assert.True(_store.TryMetaGet("a"u8, in touch, out _, out _));
        Assert.False(_store.TryMetaGet("b"u8, in touch, out _, out _));
        Assert.Equal((2, 1, 1), (_statistics.CmdGet, _statistics.GetHits, _statistics.GetMisses));
        Assert.Equal((1, 1, 0), (_statistics.CmdTouch, _statistics.TouchHits, _statistics.TouchMisses));
        Assert.True(_store.TryMetaGet("b"u8, new MetaGetOptions { Vivifies = true }, out _, out MetaGetResult result));
        Assert.Equal((true, true), (result.IsCreated, result.HasWon));
        Assert.Equal((3, 2, 1), (_statistics.CmdGet, _statistics.GetHits, _statistics.GetMisses));
        Assert.Equal((1, 2, 2), (_statistics.CmdSet, _statistics.TotalItems, _statistics.CurrItems));

        Assert.Equal(MetaDeleteResult.NotFound, _store.MetaDelete("c"u8, default));
        Assert.Equal(MetaDeleteResult.Exists, _store.MetaDelete("a"u8, new MetaDeleteOptions { HasCas = true, Cas = 99 }));
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, new MetaDeleteOptions { Invalidates = true }));
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, new MetaDeleteOptions { DropsValue = true }));
        Assert.Equal(MetaDeleteResult.Deleted, _store.MetaDelete("a"u8, default));
        Assert.Equal((2, 2), (_statistics.DeleteMisses, _statistics.DeleteHits));

        var add = new DeltaOptions(isIncrement: false, delta: 1);
        Assert.Equal(DeltaResult.NotFound, _store.TryAdd("n"u8, in add, out _));
        add.Vivifies = true;
        Assert.Equal(DeltaResult.Done, _store.TryAdd("n"u8, in add, out _));
        Assert.Equal(DeltaResult.Done, _store.TryAdd("n"u8, in add, out _));
        add.Cas = 1;
        Assert.Equal(DeltaResult.Exists, _store.TryAdd("n"u8, in add, out _));
        Assert.Equal((1, 1, 0), (_statistics.DecrMisses, _statistics.DecrHits, _statistics.IncrMisses));
    }

    [Fact]
    public void A_look_leaves_no_trace()
    {
        Put("a"u8);
        _store.Tick(3_000_000, 1_700_000_003);
        Assert.True(_store.TryPeek("a"u8, out Item item));
        Assert.False(_store.TryPeek("b"u8, out _));
        Assert.Equal((false, Lifetime.FirstSecond), (item.IsFetched, item.Time));
        Assert.Equal((0, 0), (_statistics.CmdGet, _statistics.GetMisses));
    }

    private static byte[] Fill(int length, byte octet)
    {
        byte[] value = new byte[length];
        value.AsSpan().Fill(octet);
        return value;
    }

    private string Ask(ReadOnlySpan<byte> key)
    {
        Assert.True(_store.TryMetaGet(key, default, out Item item, out MetaGetResult result));
        string flags = (result.IsWonByOther ? "Z " : "") + (item.IsStale ? "X " : "") + (result.HasWon ? "W" : "");
        return flags.Trim();
    }

    private void Put(ReadOnlySpan<byte> key, byte[]? value = null, int exptime = 0, ulong cas = 0)
    {
        var terms = new StoreTerms(StoreMode.Set) { NewCas = cas };
        Assert.Equal(StoreResult.Stored, Store(key, value ?? [1, 2, 3], in terms, exptime, out StoredItem stored));
        if (cas != 0) Assert.Equal(cas, stored.Cas);
    }

    private StoreResult Store(
        ReadOnlySpan<byte> key, byte[] value, in StoreTerms terms, int exptime, out StoredItem stored)
    {
        Assert.Equal(
            StoreResult.Stored, _store.TryReserve(in terms, key, flags: 0, exptime, value.Length, out Reservation reservation));
        Assert.True(_store.TryFill(ref reservation, value));
        return _store.Commit(ref reservation, in terms, out stored);
    }
}
