using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Memcachier.Cache;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>
/// What one reactor sees of another's store in every order of their steps: nothing torn, nothing reused, nothing lost.
/// </summary>
[Collection(nameof(InterleavingTests))]
public sealed class InterleavingTests
{
    private readonly ITestOutputHelper _output;

    public InterleavingTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public void A_value_is_whole_and_stays_until_the_next_round_though_its_segment_is_wanted() =>
        Explore(() => new ReuseScenario());

    [Fact]
    public void A_pinned_value_stays_beyond_the_round() => Explore(() => new PinScenario());

    [Fact]
    public void A_long_value_is_whole() => Explore(() => new ChainScenario());

    [Fact]
    public void What_moves_within_the_index_is_always_found() => Explore(() => new MoveScenario());

    [Fact]
    public void What_moves_while_the_index_changes_its_size_is_always_found() => Explore(() => new ResizeScenario());

    [Fact]
    public void A_number_belongs_to_its_cas_unique() => Explore(() => new NumberScenario());

    [Fact]
    public void A_pinned_number_does_not_change() => Explore(() => new PinnedNumberScenario());

    [Fact]
    public void A_new_cas_unique_is_never_seen_with_an_invalidated_value() => Explore(() => new InvalidationScenario());

    [Fact]
    public void What_the_owner_copies_keeps_what_readers_mark() => Explore(() => new MarksScenario());

    /// <summary>A client may choose cas uniques, and the same twice.</summary>
    [Fact]
    public void A_number_is_whole_whatever_cas_uniques_are_chosen() => Explore(() => new ChosenCasScenario(), preemptionMax: 3);

    [Fact]
    public void What_was_touched_in_time_is_found() => Explore(() => new TouchScenario());

    private void Explore(Func<IScenario> create, int preemptionMax = 2)
    {
        using var interleaver = new Interleaver();
        interleaver.RunAll(create, preemptionMax);
        _output.WriteLine($"{interleaver.Count} schedules");
        Assert.True(interleaver.Count > 100);
    }

    private sealed class ReuseScenario : Scenario
    {
        public ReuseScenario()
        {
            Put("key"u8, Pattern(1, 3000));
            Flood(9);
            Put("key"u8, Pattern(2, 3000));
        }

        protected override void Write()
        {
            Put("key"u8, Pattern(3, 3000));
            Flood(14);
        }

        protected override void Look()
        {
            ReadResult result = Reader.Find("key"u8, out Item item);
            if (result == ReadResult.Missing) return;
            Assert.Equal(ReadResult.Found, result);
            byte[] before = item.ReadValue();
            Assert.InRange(before[0], 2, 3);
            Assert.Equal(Pattern(before[0], 3000), before);
            for (int i = 0; i < 3; i++)
            {
                Shared.Step();
                Assert.Equal("key"u8, item.Key);
                Assert.Equal(before, item.ReadValue());
            }
        }
    }

    private sealed class PinScenario : Scenario
    {
        public PinScenario()
        {
            // The two fill a segment.
            Put("key"u8, Pattern(1, 3000));
            Put("neighbour"u8, Pattern(2, 4500));
            Flood(2);
        }

        protected override void Write()
        {
            // A pinned segment is not chosen to be evicted, but this empties it.
            Assert.True(Store.TryDelete("key"u8));
            Assert.True(Store.TryDelete("neighbour"u8));
            Flood(16);
        }

        protected override void Look()
        {
            ReadResult result = Reader.Find("key"u8, out Item item);
            if (result == ReadResult.Missing) return;
            // It may have been replaced already.
            if (!Reader.TryPin(in item, out Pin pin)) return;
            Pass();
            byte fill = Reader.Read(in pin, 0)[0];
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(Pattern(fill, 3000), Reader.Read(in pin, 0).ToArray());
                Pass();
            }
            Reader.Release(ref pin);
        }
    }

    private sealed class ChainScenario : Scenario
    {
        public ChainScenario() => Put("key"u8, Pattern(1, 6000));

        protected override void Write()
        {
            Put("key"u8, Pattern(2, 7000));
            Flood(10);
        }

        protected override void Look()
        {
            (byte[] Value, ulong)? copy = Copy("key"u8);
            if (copy is not { } seen) return;
            Assert.Equal(Pattern(seen.Value[0], seen.Value[0] == 1 ? 6000 : 7000), seen.Value);
        }
    }

    private sealed class MoveScenario : Scenario
    {
        private readonly byte[][] _keys = Neighbours(count: 12, nextCount: 10);

        public MoveScenario()
        {
            foreach (byte[] key in _keys) Put(key, key);
        }

        protected override void Write()
        {
            // The first two lie in the home line; what lies behind it moves up, and makes room again.
            Assert.True(Store.TryDelete(_keys[0]));
            Assert.True(Store.TryDelete(_keys[1]));
            Put(_keys[0], _keys[0]);
            Put(_keys[1], _keys[1]);
        }

        protected override void Look()
        {
            foreach (int number in new[] { 10, 11, 21 })
            {
                (byte[] Value, ulong)? copy = Copy(_keys[number]);
                Assert.Equal(_keys[number], copy?.Value);
            }
        }
    }

    private sealed class NumberScenario : Scenario
    {
        private readonly Dictionary<ulong, string> _history = new();

        public NumberScenario()
        {
            Put("key"u8, "11"u8);
            Assert.True(Store.TryGet("key"u8, out Item item));
            string[] values = ["11", "10", "9 ", "10"];
            for (int i = 0; i < values.Length; i++) _history[item.Cas + (ulong)i] = values[i];
        }

        protected override void Write()
        {
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, isIncrement: false, 1, out _));
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, isIncrement: false, 1, out _));
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, isIncrement: true, 1, out _));
        }

        protected override void Look()
        {
            (byte[] Value, ulong Cas)? copy = Copy("key"u8);
            Assert.True(copy.HasValue);
            Assert.Equal(_history[copy.Value.Cas], Encoding.ASCII.GetString(copy.Value.Value));
        }
    }

    private sealed class ChosenCasScenario : Scenario
    {
        public ChosenCasScenario()
        {
            Put("key"u8, "10  "u8);
            Subtract(0);
        }

        protected override void Write() => Subtract(1);

        protected override void Look()
        {
            (byte[] Value, ulong)? copy = Copy("key"u8);
            Assert.True(copy.HasValue);
            Assert.Contains(Encoding.ASCII.GetString(copy.Value.Value), new[] { "9   ", "10  " });
        }

        private void Subtract(ulong delta)
        {
            var options = new DeltaOptions(isIncrement: false, delta) { HasNewCas = true, NewCas = 5 };
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, in options, out _));
        }
    }

    private sealed class TouchScenario : Scenario
    {
        public TouchScenario()
        {
            Assert.Equal(StoreResult.Stored, Store.Put(StoreMode.Set, "near"u8, "value"u8, flags: 0, exptime: 10));
            Assert.Equal(StoreResult.Stored, Store.Put(StoreMode.Set, "far"u8, "value"u8, flags: 0, exptime: 10));
        }

        protected override void Write()
        {
            // The one in its place, the other in another.
            Assert.True(Store.TryTouch("near"u8, 100));
            Assert.True(Store.TryTouch("far"u8, 2_000_000));
            Shared.Step();
            Store.Tick(11_000_000, 1_700_000_011);
        }

        protected override void Look()
        {
            Assert.Equal(ReadResult.Found, Reader.Find("near"u8, out _));
            Assert.Equal(ReadResult.Found, Reader.Find("far"u8, out _));
        }
    }

    private sealed class PinnedNumberScenario : Scenario
    {
        private readonly Dictionary<ulong, string> _history = new();

        public PinnedNumberScenario()
        {
            Put("key"u8, "11"u8);
            Assert.True(Store.TryGet("key"u8, out Item item));
            string[] values = ["11", "10", "9 "];
            for (int i = 0; i < values.Length; i++) _history[item.Cas + (ulong)i] = values[i];
        }

        protected override void Write()
        {
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, isIncrement: false, 1, out _));
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, isIncrement: false, 1, out _));
        }

        protected override void Look()
        {
            Pin pin = default;
            while (!pin.IsHeld)
            {
                Assert.Equal(ReadResult.Found, Reader.Find("key"u8, out Item item));
                if (!Reader.TryPin(in item, out pin)) Shared.Wait();
            }
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(_history[pin.Cas], Encoding.ASCII.GetString(Reader.Read(in pin, 0)));
                Pass();
            }
            Reader.Release(ref pin);
        }
    }

    private sealed class InvalidationScenario : Scenario
    {
        private readonly ulong _cas;

        public InvalidationScenario()
        {
            Put("key"u8, "old"u8);
            Assert.True(Store.TryGet("key"u8, out Item item));
            _cas = item.Cas;
        }

        protected override void Write()
        {
            var options = new MetaDeleteOptions { Invalidates = true };
            Assert.Equal(MetaDeleteResult.Deleted, Store.MetaDelete("key"u8, in options));
            Put("key"u8, "new"u8);
        }

        protected override void Look()
        {
            (byte[] Value, ulong Cas)? copy = Copy("key"u8);
            Assert.True(copy.HasValue);
            Assert.Equal(copy.Value.Cas == _cas ? "old" : "new", Encoding.ASCII.GetString(copy.Value.Value));
        }
    }

    private sealed class MarksScenario : Scenario
    {
        private bool _isRead;

        public MarksScenario()
        {
            Put("key"u8, "11"u8);
        }

        protected override void Write()
        {
            // Both change the same byte of the header.
            Assert.Equal(DeltaResult.Done, Store.TryAdd("key"u8, isIncrement: false, 1, out _));
            Assert.True(Store.TryMetaGet("key"u8, new MetaGetOptions { IsUnseen = true }, out _, out _));
            if (!Volatile.Read(ref _isRead)) return;
            Assert.True(Store.TryPeek("key"u8, out Item item));
            Assert.True(item.IsFetched);
        }

        protected override void Look()
        {
            Assert.Equal(ReadResult.Found, Reader.Find("key"u8, out Item item));
            if (!Reader.TryCopyValue(in item, stackalloc byte[2], out _)) return;
            Assert.True(item.IsFetched);
            Volatile.Write(ref _isRead, true);
        }
    }
}
