using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Cache;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache.Events;

public sealed class HotKeysTests
{
    private readonly HotKeys _keys = new(secret: 7);

    [Fact]
    public void Nothing_was_looked_up()
    {
        _keys.Sort();
        Assert.False(_keys.TryGet(0, out _, out _));
        Assert.Equal((0, 0), (_keys.Count, _keys.Total));
    }

    [Fact]
    public void Few_keys_are_counted_exactly()
    {
        Add("a", 3, isHit: true);
        Add("bb", 5, isHit: false);
        Add("ccc", 1, isHit: true);
        Add("bb", 1, isHit: true);
        Assert.Equal(["bb 6 0 1", "a 3 0 3", "ccc 1 0 1"], Ranks());
        Assert.Equal(10, _keys.Total);
    }

    [Fact]
    public void The_order_stays_until_the_next_sort()
    {
        Add("a", 2, isHit: true);
        Add("b", 1, isHit: true);
        _keys.Sort();
        Add("b", 5, isHit: true);
        Assert.True(_keys.TryGet(0, out ReadOnlySpan<byte> key, out HotKeyNumbers numbers));
        Assert.Equal(("a", 2), (Encoding.ASCII.GetString(key), numbers.Count));
        Assert.Equal(["b 6 0 6", "a 2 0 2"], Ranks());
    }

    [Fact]
    public void Who_has_no_room_takes_the_place_of_the_rarest()
    {
        for (int i = 0; i < HotKeys.Capacity; i++) Add($"k{i}", i == 5 ? 2 : 3, isHit: true);
        Add("new", 1, isHit: true);
        Assert.Equal(HotKeys.Capacity, _keys.Count);
        List<string> ranks = Ranks();
        Assert.Contains("new 3 2 1", ranks);
        Assert.DoesNotContain(ranks, line => line.StartsWith("k5 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Cleared_it_is_as_new()
    {
        Add("a", 2, isHit: true);
        _keys.Sort();
        _keys.Clear();
        Assert.False(_keys.TryGet(0, out _, out _));
        Add("b", 1, isHit: false);
        Assert.Equal(["b 1 0 0"], Ranks());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    public void Keys_of_any_length(int length)
    {
        Add(new string('x', length), 1, isHit: true);
        Add(new string('y', length), 2, isHit: true);
        Assert.Equal([$"{new string('y', length)} 2 0 2", $"{new string('x', length)} 1 0 1"], Ranks());
    }

    /// <summary>The sketch's two promises, on streams from even to steep.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(140)]
    public void Counts_are_never_too_low_and_too_high_by_the_error_at_most(int skewHundredths)
    {
        var random = new Random(skewHundredths);
        double skew = skewHundredths / 100.0;
        var truth = new Dictionary<string, long>();
        for (int i = 0; i < 100_000; i++)
        {
            double u = random.NextDouble();
            int rank = skewHundredths == 0 ? random.Next(5000) : (int)Math.Min(Math.Pow(u, -1 / skew), 1e6);
            string key = $"key:{rank}";
            truth[key] = truth.GetValueOrDefault(key) + 1;
            _keys.Add(Encoding.ASCII.GetBytes(key), isHit: true);
        }
        _keys.Sort();
        var found = new HashSet<string>();
        long last = long.MaxValue;
        for (int rank = 0; _keys.TryGet(rank, out ReadOnlySpan<byte> octets, out HotKeyNumbers numbers); rank++)
        {
            string key = Encoding.ASCII.GetString(octets);
            Assert.True(found.Add(key));
            Assert.InRange(truth[key], numbers.Count - numbers.Error, numbers.Count);
            Assert.InRange(numbers.Error, 0, 100_000 / HotKeys.Capacity);
            Assert.True(numbers.Count <= last);
            last = numbers.Count;
        }
        Assert.All(truth.Where(pair => pair.Value > 100_000 / HotKeys.Capacity), pair => Assert.Contains(pair.Key, found));
    }

    [Fact]
    public void The_event_log_counts_while_it_is_told_to()
    {
        var server = new Server.TestServer();
        EventLog events = server.Context.Events;
        _ = server.Ask("set a 0 0 1\r\nx\r\nget a\r\n");
        Assert.Equal(0, _keys.Total);
        events.CountIn(_keys);
        Assert.True(events.IsWatched);
        Assert.Equal("VALUE a 0 1\r\nx\r\nEND\r\n", server.Ask("get a b\r\n"));
        _ = server.Ask("mg a\r\nget a\r\n");
        events.CountIn(null);
        Assert.False(events.IsWatched);
        _ = server.Ask("get a\r\n");
        Assert.Equal(["a 3 0 3", "b 1 0 0"], Ranks());
        // And nobody is told.
        Assert.Equal(0, events.PendingCount);
        server.Dispose();
    }

    [Fact]
    public void Watching_and_counting_do_not_disturb_each_other()
    {
        var events = new EventLog(EventLog.LengthMin, new Statistics()) { Wanted = EventKinds.Deletions };
        events.CountIn(_keys);
        events.Wanted = EventKinds.None;
        Assert.True(events.IsWatched);
        events.Wanted = EventKinds.Fetchers;
        events.CountIn(null);
        Assert.True(events.IsWatched);
        events.Wanted = EventKinds.None;
        Assert.False(events.IsWatched);
    }

    private void Add(string key, int times, bool isHit)
    {
        for (int i = 0; i < times; i++) _keys.Add(Encoding.ASCII.GetBytes(key), isHit);
    }

    private List<string> Ranks()
    {
        var lines = new List<string>();
        _keys.Sort();
        for (int rank = 0; _keys.TryGet(rank, out ReadOnlySpan<byte> key, out HotKeyNumbers numbers); rank++)
        {
            lines.Add($"{Encoding.ASCII.GetString(key)} {numbers.Count} {numbers.Error} {numbers.Hits}");
        }
        return lines;
    }
}
