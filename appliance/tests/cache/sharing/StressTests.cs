using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>
/// One thread owns a store, others read it as fast as they can: the memory model of the machine, and orders nobody
/// thought of.
/// </summary>
public sealed class StressTests
{
    private const int ReaderCount = 2;
    private const int KeyCount = 3000;
    private const int NumberCount = 8;
    private const int SegmentSize = 64 << 10;
    private const int Seconds = 3;

    private readonly Quiescence _reactors = new(ReaderCount + 1);
    private readonly ITestOutputHelper _output;
    private volatile bool _isOver;

    public StressTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public void Readers_see_whole_items_of_their_keys_only()
    {
        Region memory = TestMemory.Rent(2 << 20);
        var statistics = new Statistics();
        var options = new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20) { Reactors = _reactors, ItemSizeExpected = 8192 };
        var store = new Store(memory, in options, statistics);
        store.Tick(0, 1_700_000_000);
        for (int i = 0; i < NumberCount; i++) Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, Number(i), "1000000000000000"u8));
        var readers = new Reader[ReaderCount];
        var threads = new Thread[ReaderCount];
        for (int i = 0; i < ReaderCount; i++)
        {
            readers[i] = new Reader(this, store, reactor: i + 1);
            threads[i] = new Thread(readers[i].Run);
            threads[i].Start();
        }
        long written;
        try
        {
            written = Write(store);
        }
        finally
        {
            _isOver = true;
            foreach (Thread thread in threads) thread.Join();
        }
        foreach (Reader reader in readers)
        {
            Assert.Null(reader.Failure);
            Assert.True(reader.Hits > 1000, $"{reader.Hits} hits");
            _output.WriteLine(reader.ToString());
        }
        _output.WriteLine($"{written} changes, {statistics.Evictions} evicted, {statistics.ItemsCompacted} compacted, index {store.IndexLength}");
        Assert.True(statistics.Evictions > 0);
        Assert.Equal(0, statistics.StoreNoMemory);
        TestMemory.Return(memory);
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes("key" + number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Number(int number) => Encoding.ASCII.GetBytes("number" + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The key's number and a version, over and over.</summary>
    private static void Fill(Span<byte> value, int key, int version)
    {
        Span<byte> unit = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(unit, key);
        BinaryPrimitives.WriteInt32LittleEndian(unit.Slice(4), version);
        for (int offset = 0; offset < value.Length; offset += 8)
        {
            unit.Slice(0, Math.Min(8, value.Length - offset)).CopyTo(value.Slice(offset));
        }
    }

    private long Write(Store store)
    {
        var random = new Prng(7);
        var clock = Stopwatch.StartNew();
        byte[] value = new byte[40_000];
        int version = 0;
        while (clock.Elapsed.TotalSeconds < Seconds)
        {
            version++;
            int number = (int)random.Below(KeyCount);
            byte[] key = Key(number);
            switch (random.Below(16))
            {
                case 0:
                    _ = store.TryDelete(key);
                    break;
                case 1:
                    _ = store.TryTouch(key, (int)random.Below(100_000));
                    break;
                case 2:
                case 3:
                    _ = store.TryAdd(Number((int)random.Below(NumberCount)), random.Chance(1, 2), random.Below(1000), out _);
                    break;
                case 4:
                    store.Tick(clock.ElapsedTicks / 10, 1_700_000_000);
                    break;
                case 5:
                    _ = store.TryGet(key, out _);
                    break;
                default:
                    // Few are long, so that they lie in pieces; in phases most are tiny, so that the index grows and
                    // shrinks.
                    uint limit = random.Chance(1, 64) ? (uint)value.Length : (version >> 14) % 2 == 0 ? 1000u : 16u;
                    Span<byte> part = value.AsSpan(0, 8 + (int)random.Below(limit - 8));
                    Fill(part, number, version);
                    Assert.Equal(StoreResult.Stored, store.Put(StoreMode.Set, key, part, flags: (uint)number));
                    break;
            }
            _reactors.Pass(0);
        }
        return version;
    }

    private sealed class Reader
    {
        private readonly StressTests _test;
        private readonly StoreReader _reader;
        private readonly int _reactor;
        private readonly Statistics _statistics = new();
        private readonly byte[] _copy = new byte[40_000];
        private readonly byte[] _expected = new byte[40_000];
        private readonly (Pin Pin, int Key)[] _pins = new (Pin, int)[8];
        private readonly Dictionary<ulong, string> _seen = new();
        private Prng _random;
        private long _undecided;
        private long _torn;
        private long _pinned;
        private long _askedBack;

        public Reader(StressTests test, Store store, int reactor)
        {
            _test = test;
            _reactor = reactor;
            _random = new Prng((ulong)reactor);
            _reader = store.ReaderFor(reactor, _statistics, (ulong)reactor);
        }

        public Exception? Failure { get; private set; }

        public long Hits => _statistics.GetHits;

        public override string ToString() =>
            $"reader {_reactor}: {_statistics.GetHits} hits, {_statistics.GetMisses} misses, {_undecided} undecided, "
            + $"{_torn} changed meanwhile, {_pinned} pinned, {_askedBack} asked back";

        public void Run()
        {
            try
            {
                while (!_test._isOver) Round();
                for (int i = 0; i < _pins.Length; i++) _reader.Release(ref _pins[i].Pin);
            }
            catch (Exception failure)
            {
                Failure = failure;
            }
            _test._reactors.Leave(_reactor);
        }

        private void Round()
        {
            // Sometimes away, as in a halt.
            if (_random.Chance(1, 1000))
            {
                _test._reactors.Leave(_reactor);
                _ = Thread.Yield();
                _test._reactors.Enter(_reactor);
            }
            for (int i = 0; i < 10; i++) ReadOne();
            ReadNumber();
            CheckPins();
            _test._reactors.Pass(_reactor);
        }

        private void ReadOne()
        {
            int number = (int)_random.Below(KeyCount);
            ReadResult result = _reader.Find(Key(number), out Item item);
            if (result == ReadResult.Undecided) _undecided++;
            if (result != ReadResult.Found) return;
            Assert.Equal((uint)number, item.Flags);
            if (_random.Chance(1, 16))
            {
                ref (Pin Pin, int Key) place = ref _pins[_random.Below((uint)_pins.Length)];
                _reader.Release(ref place.Pin);
                if (_reader.TryPin(in item, out place.Pin)) _pinned++;
                place.Key = number;
                return;
            }
            Span<byte> copy = _copy.AsSpan(0, item.ValueLength);
            if (_reader.TryCopyValue(in item, copy, out _)) Check(copy, number);
            else _torn++;
        }

        /// <summary>Of a cas unique everybody sees the same number.</summary>
        private void ReadNumber()
        {
            int number = (int)_random.Below(NumberCount);
            if (_reader.Find(Number(number), out Item item) != ReadResult.Found) return;
            Span<byte> copy = _copy.AsSpan(0, item.ValueLength);
            if (!_reader.TryCopyValue(in item, copy, out ulong cas)) return;
            string value = number.ToString(CultureInfo.InvariantCulture) + ": " + Encoding.ASCII.GetString(copy);
            if (!_seen.TryAdd(cas, value)) Assert.Equal(_seen[cas], value);
            if (_seen.Count > 10_000) _seen.Clear();
        }

        private void CheckPins()
        {
            bool hasBreaks = _reader.HasBreaks;
            if (hasBreaks) _reader.SeeBreaks();
            for (int i = 0; i < _pins.Length; i++)
            {
                ref (Pin Pin, int Key) place = ref _pins[i];
                if (!place.Pin.IsHeld) continue;
                int offset = 0;
                while (offset < place.Pin.Length)
                {
                    ReadOnlySpan<byte> part = _reader.Read(in place.Pin, offset);
                    part.CopyTo(_copy.AsSpan(offset));
                    offset += part.Length;
                }
                Check(_copy.AsSpan(0, place.Pin.Length), place.Key);
                if (!hasBreaks || !_reader.IsAskedBack(in place.Pin)) continue;
                _askedBack++;
                _reader.Release(ref place.Pin);
            }
        }

        private void Check(ReadOnlySpan<byte> value, int number)
        {
            Span<byte> expected = _expected.AsSpan(0, value.Length);
            Fill(expected, number, BinaryPrimitives.ReadInt32LittleEndian(value.Slice(4)));
            Assert.True(expected.SequenceEqual(value), $"key {number}: {Convert.ToHexString(value.Slice(0, Math.Min(value.Length, 64)))}");
        }
    }
}
