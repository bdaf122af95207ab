using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

public sealed class LifetimeTests : System.IDisposable
{
    private const long UnixStart = 1_700_000_000;

    private readonly Region _memory = TestMemory.Rent(1 << 20);
    private readonly Statistics _statistics = new();
    private readonly Store _store;
    private long _seconds;

    public LifetimeTests()
    {
        _store = new Store(_memory, new StoreOptions(secret: 1, 64 << 10, itemSizeMax: 1 << 20), _statistics);
        Sleep(0);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(0, 100_000, true)]
    [InlineData(-1, 0, false)]
    [InlineData(int.MinValue, 0, false)]
    [InlineData(1, 0, true)]
    [InlineData(1, 1, false)]
    [InlineData(10, 9, true)]
    [InlineData(10, 10, false)]
    [InlineData(Lifetime.RelativeMax, Lifetime.RelativeMax - 1, true)]
    [InlineData(Lifetime.RelativeMax, Lifetime.RelativeMax, false)]
    [InlineData(Lifetime.RelativeMax + 1, 0, false)]
    [InlineData((int)UnixStart, 0, false)]
    [InlineData((int)UnixStart + 1, 0, true)]
    [InlineData((int)UnixStart + 1, 1, false)]
    [InlineData((int)UnixStart + 100, 99, true)]
    [InlineData((int)UnixStart + 100, 100, false)]
    [InlineData(int.MaxValue, 100_000_000, true)]
    public void An_item_lives_as_long_as_its_exptime_says(int exptime, int seconds, bool isAlive)
    {
        Put("set"u8, exptime);
        Put("touched"u8, 0);
        Assert.True(_store.TryTouch("touched"u8, exptime));
        Sleep(seconds);
        Assert.Equal(isAlive, IsThere("set"u8));
        Assert.Equal(isAlive, IsThere("touched"u8));
        Assert.Equal(isAlive ? 0 : 2, _statistics.GetExpired);
        Assert.Equal(isAlive ? 2 : 0, _statistics.CurrItems);
    }

    [Fact]
    public void A_clock_that_goes_back_does_not()
    {
        Sleep(10);
        Put("a"u8, 5);
        _store.Tick(0, UnixStart);
        Assert.Equal(12u, _store.Lifetime.Now);
        Sleep(5);
        Assert.False(IsThere("a"u8));
    }

    [Fact]
    public void A_better_wall_clock_moves_absolute_times_only()
    {
        _store.Tick(0, 0);
        Put("relative"u8, 10);
        _store.Tick(1_000_000, UnixStart);
        Put("absolute"u8, (int)UnixStart + 5);
        Assert.True(IsThere("relative"u8));
        _store.Tick(6_000_000, UnixStart + 5);
        Assert.False(IsThere("absolute"u8));
        Assert.True(IsThere("relative"u8));
    }

    [Fact]
    public void The_phase_of_the_wall_clock_moves_no_absolute_time()
    {
        const int Exptime = (int)UnixStart + 100;
        _store.Tick(1_000_000, UnixStart + 1);
        uint first = _store.Lifetime.FromExptime(Exptime);
        for (long millis = 1000; millis < 20_000; millis += 100)
        {
            // Its seconds begin 300 ms before ours.
            _store.Tick(millis * 1000, UnixStart + (millis + 300) / 1000);
            Assert.Equal((millis, first), (millis, _store.Lifetime.FromExptime(Exptime)));
        }
        _store.Tick(20_000_000, UnixStart + 22);
        Assert.Equal(first - 2, _store.Lifetime.FromExptime(Exptime));
    }

    [Fact]
    public void Flush_ends_what_there_is_and_spares_what_comes()
    {
        Put("before"u8, 0);
        _store.Flush(0);
        Assert.Equal(0, _statistics.CurrItems);
        Assert.Equal(0, _statistics.Bytes);
        Put("after"u8, 0);
        Assert.False(IsThere("before"u8));
        Assert.True(IsThere("after"u8));
        Sleep(100);
        Assert.True(IsThere("after"u8));
        Assert.False(IsThere("before"u8));
        Assert.Equal(1, _statistics.CurrItems);
        Assert.Equal(1, _statistics.GetFlushed);
    }

    [Fact]
    public void Flush_ends_what_was_read_in_the_same_second()
    {
        Put("a"u8, 0);
        Sleep(3);
        Assert.True(IsThere("a"u8));
        Assert.True(IsThere("a"u8));
        _store.Flush(0);
        Assert.False(IsThere("a"u8));
    }

    [Fact]
    public void An_upload_that_began_before_the_flush_survives_it()
    {
        Assert.Equal(StoreResult.Stored, _store.TryReserve(StoreMode.Set, "a"u8, 0, 0, 1, out Reservation reservation));
        _store.Flush(0);
        Assert.True(_store.TryFill(ref reservation, "x"u8));
        Assert.Equal(StoreResult.Stored, _store.Commit(ref reservation, StoreMode.Set, 0));
        Assert.True(IsThere("a"u8));
    }

    [Fact]
    public void A_delayed_flush_comes_a_second_early_as_memcacheds()
    {
        Put("early"u8, 0);
        _store.Flush(10);
        Sleep(8);
        Put("late"u8, 0);
        Assert.True(IsThere("early"u8));
        Sleep(1);
        Assert.False(IsThere("early"u8));
        Assert.False(IsThere("late"u8));
        Put("hidden"u8, 0);
        Assert.False(IsThere("hidden"u8));
        Sleep(1);
        Put("new"u8, 0);
        Assert.True(IsThere("new"u8));
    }

    [Fact]
    public void A_flush_replaces_one_still_to_come()
    {
        _store.Flush(10);
        _store.Flush(0);
        Put("a"u8, 0);
        Sleep(20);
        Assert.True(IsThere("a"u8));
    }

    [Fact]
    public void A_flush_at_an_absolute_time_in_the_past_is_immediate()
    {
        Sleep(100);
        Put("a"u8, 0);
        _store.Flush((int)UnixStart + 50);
        Assert.False(IsThere("a"u8));
        Put("b"u8, 0);
        Assert.True(IsThere("b"u8));
    }

    [Fact]
    public void No_number_of_flushes_brings_an_item_back()
    {
        Put("old"u8, 0);
        for (int i = 0; i < 70_000; i++) _store.Flush(0);
        Assert.Equal((0, 0), (_statistics.CurrItems, _statistics.Bytes));
        Put("same second"u8, 0);
        Assert.Equal(1, _statistics.CurrItems);
        Assert.True(IsThere("same second"u8));
        Sleep(1);
        Assert.False(IsThere("old"u8));
        Put("new"u8, 0);
        Assert.True(IsThere("new"u8));
        Sleep(1);
        for (int i = 0; i < (1 << 16) - 1; i++) _store.Flush(0);
        Assert.False(IsThere("new"u8));
        Sleep(1);
        Assert.False(IsThere("new"u8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_counts_are_right_whatever_ended_the_items(ulong seed)
    {
        var random = new Prng(seed);
        for (int step = 0; step < 20_000; step++)
        {
            byte[] key = [(byte)('a' + random.Below(26)), (byte)('a' + random.Below(4))];
            switch (random.Below(50))
            {
                case 0:
                    _store.Flush(random.Chance(1, 2) ? 0 : (int)random.Below(3));
                    break;
                case < 3:
                    Sleep(1);
                    break;
                case < 30:
                    Put(key, (int)random.Below(4));
                    break;
                case < 40:
                    _ = IsThere(key);
                    break;
                default:
                    _ = _store.TryDelete(key);
                    break;
            }
        }
        for (char first = 'a'; first <= 'z'; first++)
        {
            for (char second = 'a'; second < 'e'; second++) _ = _store.TryDelete([(byte)first, (byte)second]);
        }
        Assert.Equal((seed, 0, 0, 0), (seed, _statistics.CurrItems, _statistics.MainItems, _statistics.Bytes));
    }

    private void Put(System.ReadOnlySpan<byte> key, int exptime) =>
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, key, "v"u8, exptime: exptime));

    private bool IsThere(System.ReadOnlySpan<byte> key) => _store.TryGet(key, out _);

    private void Sleep(int seconds)
    {
        _seconds += seconds;
        _store.Tick(_seconds * 1_000_000, UnixStart + _seconds);
    }
}
