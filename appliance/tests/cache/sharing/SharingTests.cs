using System;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>Quiescent points, pins, and pins that are asked back, one step after the other.</summary>
public sealed class SharingTests : IDisposable
{
    private const int SegmentSize = 8 << 10;
    private const int SegmentCount = 9;
    private const int Other = 1;

    private readonly Region _memory = TestMemory.Rent(SegmentCount * SegmentSize);
    private readonly Statistics _statistics = new();
    private readonly Statistics _others = new();
    private readonly Quiescence _reactors = new(reactorCount: 2);
    private readonly Store _store;
    private readonly StoreReader _reader;

    public SharingTests()
    {
        var options = new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20) { Reactors = _reactors };
        _store = new Store(_memory, in options, _statistics);
        _store.Tick(0, 1_700_000_000);
        _reader = _store.ReaderFor(Other, _others, secret: 1);
        _reactors.Enter(Other);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Fact]
    public void An_epoch_has_passed_when_all_others_have_seen_it_or_are_away()
    {
        var reactors = new Quiescence(reactorCount: 3);
        Assert.True(reactors.HavePassed(reactors.Begin(), reactor: 0));
        reactors.Enter(1);
        reactors.Enter(2);
        ulong epoch = reactors.Begin();
        Assert.False(reactors.HavePassed(epoch, reactor: 0));
        reactors.Pass(1);
        Assert.False(reactors.HavePassed(epoch, reactor: 0));
        // Who waits need not pass himself.
        Assert.True(reactors.HavePassed(epoch, reactor: 2));
        reactors.Leave(2);
        Assert.True(reactors.HavePassed(epoch, reactor: 0));
        reactors.Enter(2);
        Assert.True(reactors.HavePassed(epoch, reactor: 0));
        Assert.False(reactors.HavePassed(reactors.Begin(), reactor: 0));
    }

    [Fact]
    public void A_reader_finds_what_the_owner_would_find()
    {
        Put("key"u8, 1, 100);
        Put("expiring"u8, 2, 100, exptime: 10);
        Assert.Equal(ReadResult.Missing, _reader.Find("nothing"u8, out _));
        Assert.Equal(ReadResult.Found, _reader.Find("key"u8, out Item item));
        byte[] value = new byte[item.ValueLength];
        Assert.True(_reader.TryCopyValue(in item, value, out ulong cas));
        Assert.Equal(item.Cas, cas);
        Assert.Equal(Pattern(1, 100), value);
        Assert.True(item.IsFetched);
        Assert.Equal(ReadResult.Found, _reader.Find("expiring"u8, out _));
        _store.Tick(11_000_000, 1_700_000_011);
        Assert.Equal(ReadResult.Missing, _reader.Find("expiring"u8, out _));
        Assert.True(_store.TryDelete("key"u8));
        Assert.Equal(ReadResult.Missing, _reader.Find("key"u8, out _));
        Put("key"u8, 3, 100);
        _store.Flush(0);
        Assert.Equal(ReadResult.Missing, _reader.Find("key"u8, out _));
        Assert.Equal((5, 1, 4), (_others.CmdGet, _others.GetHits, _others.GetMisses));
    }

    [Fact]
    public void Only_the_owner_answers_for_what_is_stale()
    {
        Put("key"u8, 1, 100);
        _ = _store.MetaDelete("key"u8, new MetaDeleteOptions { Invalidates = true });
        Assert.Equal(ReadResult.Undecided, _reader.Find("key"u8, out _));
    }

    [Fact]
    public void What_was_emptied_is_reused_when_the_others_have_passed()
    {
        int free = _store.FreeSegmentCount;
        for (int i = 0; i < 4; i++) Put(Key(i), (byte)i, 3900);
        Assert.Equal(free - 2, _store.FreeSegmentCount);
        Assert.True(_store.TryDelete(Key(0)));
        Assert.True(_store.TryDelete(Key(1)));
        Assert.Equal(free - 2, _store.FreeSegmentCount);
        _reactors.Pass(Other);
        _store.Tick(0, 1_700_000_000);
        Assert.Equal(free - 1, _store.FreeSegmentCount);
    }

    /// <summary>A reader that knows the larger table yet may look at a line in it.</summary>
    [Fact]
    public void What_the_index_gives_back_is_reused_when_the_others_have_passed()
    {
        Region memory = TestMemory.Rent(SegmentCount * SegmentSize);
        var reactors = new Quiescence(reactorCount: 2);
        var log = new SegmentLog(memory, SegmentSize, indexCount: 1, reactors, owner: 0);
        Assert.True(log.TryLend(1));
        reactors.Enter(Other);
        log.TakeBack(1);
        Assert.Equal(SegmentState.Drained, log.Info(1).State);
        reactors.Pass(Other);
        log.FreeDrained();
        Assert.Equal(SegmentState.Free, log.Info(1).State);
        TestMemory.Return(memory);
    }

    [Fact]
    public void A_pin_outlasts_the_round_and_the_item()
    {
        int free = _store.FreeSegmentCount;
        for (int i = 0; i < 4; i++) Put(Key(i), (byte)i, 3900);
        Assert.Equal(ReadResult.Found, _reader.Find(Key(0), out Item item));
        Assert.True(_reader.TryPin(in item, out Pin pin));
        Assert.True(_store.TryDelete(Key(0)));
        Assert.True(_store.TryDelete(Key(1)));
        _reactors.Pass(Other);
        _store.Tick(0, 1_700_000_000);
        Assert.Equal(free - 2, _store.FreeSegmentCount);
        Assert.Equal(Pattern(0, 3900), _reader.Read(in pin, 0).ToArray());
        _reader.Release(ref pin);
        Assert.False(pin.IsHeld);
        _store.Tick(0, 1_700_000_000);
        Assert.Equal(free - 1, _store.FreeSegmentCount);
        _reader.Release(ref pin);
    }

    [Fact]
    public void A_pinned_number_is_changed_in_another_place()
    {
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "n"u8, "10"u8));
        Assert.Equal(ReadResult.Found, _reader.Find("n"u8, out Item item));
        Assert.True(_reader.TryPin(in item, out Pin pin));
        Assert.Equal(DeltaResult.Done, _store.TryAdd("n"u8, isIncrement: true, 1, out ulong value));
        Assert.Equal(11u, value);
        Assert.Equal("10"u8, _reader.Read(in pin, 0));
        _reader.Release(ref pin);
        Assert.Equal(ReadResult.Found, _reader.Find("n"u8, out item));
        uint location = item.Location;
        Assert.Equal(DeltaResult.Done, _store.TryAdd("n"u8, isIncrement: true, 1, out _));
        Assert.Equal(ReadResult.Found, _reader.Find("n"u8, out item));
        Assert.Equal(location, item.Location);
    }

    /// <summary>
    /// With pins on everything, the owner asks for them, and goes on as soon as it gets one segment back.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pins_on_everything_are_asked_back(bool isGivenBack)
    {
        var pins = new Pin[64];
        int count = 0;
        for (int i = 0; i < pins.Length; i++)
        {
            StoreResult result = _store.Put(StoreMode.Set, Key(i), Pattern((byte)i, 3900));
            _reactors.Pass(Other);
            if (result != StoreResult.Stored) break;
            Assert.Equal(ReadResult.Found, _reader.Find(Key(i), out Item item));
            Assert.True(_reader.TryPin(in item, out pins[count++]));
        }
        // Every segment but the index's is full of pinned items.
        Assert.InRange(count, (SegmentCount - 3) * 2, (SegmentCount - 1) * 2);
        Assert.True(_reader.HasBreaks);
        Assert.Equal(1, _statistics.StoreNoMemory);
        int asked = 0;
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Pattern((byte)i, 3900), _reader.Read(in pins[i], 0).ToArray());
            if (!_reader.IsAskedBack(in pins[i])) continue;
            asked++;
            if (isGivenBack) _reader.Release(ref pins[i]);
        }
        Assert.InRange(asked, 1, count);
        _reader.SeeBreaks();
        Assert.False(_reader.HasBreaks);
        _reactors.Pass(Other);
        StoreResult next = _store.Put(StoreMode.Set, "next"u8, Pattern(99, 3900));
        Assert.Equal(isGivenBack ? StoreResult.Stored : StoreResult.OutOfMemory, next);
        for (int i = 0; i < count; i++) _reader.Release(ref pins[i]);
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"key{number:D3}");

    private static byte[] Pattern(byte fill, int length)
    {
        byte[] value = new byte[length];
        value.AsSpan().Fill(fill);
        return value;
    }

    private void Put(ReadOnlySpan<byte> key, byte fill, int length, int exptime = 0) =>
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, key, Pattern(fill, length), flags: 0, exptime));
}
