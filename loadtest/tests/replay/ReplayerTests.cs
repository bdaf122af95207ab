using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Traces;
using Xunit;

namespace Memcachier.LoadTest.Tests.Replay;

public sealed class ReplayerTests
{
    [Theory]
    [InlineData("strict", 1, "a b a", "get a, set a, get b, set b, get a")]
    [InlineData("two at once", 2, "a b a", "get a, get b, set a, set b, get a")]
    [InlineData("the last window is shorter", 2, "a b c", "get a, get b, set a, set b, get c, set c")]
    [InlineData("only the missed are stored", 3, "a b c b d e", "get a, get b, get c, set a, set b, set c, " +
        "get b, get d, get e, set d, set e")]
    [InlineData("a repeated key waits", 4, "a b a c d",
        "get a, get b, set a, set b, get a, get c, get d, set c, set d")]
    [InlineData("and finds its value", 4, "a a a", "get a, set a, get a, get a")]
    public void Commands_are(string row, int window, string keys, string commands)
    {
        _ = row;
        using var server = new FakeServer();
        ReplayCounts counts = Replay(server, Lines(keys), window: window);
        Assert.Equal(commands.Replace(" ", " k:").Replace(", k:", ", "), string.Join(", ", server.Log));
        Assert.Equal(keys.Split(' ').Length, counts.Requests);
        Assert.Equal(0, counts.WrongValues);
    }

    /// <summary>Commands, hits and misses against a model of the rule and of the cache, item by item.</summary>
    [Theory]
    [InlineData(1, 1, 50)]
    [InlineData(2, 2, 50)]
    [InlineData(3, 7, 50)]
    [InlineData(4, 32, 50)]
    [InlineData(5, 256, 300)]
    [InlineData(6, 256, int.MaxValue)]
    public void Does_what_the_model_does(int seed, int window, int capacity)
    {
        int[] keys = TraceBytes.SkewedKeys(3000, seed);
        (List<string> log, bool[] hits) = Model(keys, window, capacity);
        using var server = new FakeServer(capacity);
        ReplayCounts counts = Replay(server, TraceBytes.Int32(keys), TraceFormat.Int32, window, interval: 700);
        Assert.Equal(log, server.Log);
        Assert.Equal(hits.Count(hit => hit), counts.Hits);
        Assert.Equal(hits.Count(hit => !hit), counts.Misses);
        Assert.Equal(counts.Misses, counts.Stores);
        Assert.Equal(0, counts.WrongValues);
        Assert.Equal(
            hits.Chunk(700).Select(chunk => (chunk.LongLength, chunk.LongCount(hit => !hit))),
            counts.Intervals.Select(each => (each.Requests, each.Misses)));
    }

    [Fact]
    public void Connections_share_the_keys_and_keep_the_order_of_each()
    {
        int[] keys = TraceBytes.SkewedKeys(5000, 8);
        using var server = new FakeServer();
        ReplayCounts counts = Replay(
            server, TraceBytes.Int32(keys), TraceFormat.Int32, window: 4, interval: 1000, connections: 5);
        Assert.Equal(keys.Length, counts.Requests);
        Assert.Equal(keys.Distinct().Count(), counts.Misses);
        Assert.Equal(0, counts.WrongValues);
        Assert.Equal(Enumerable.Repeat(1000L, 5), counts.Intervals.Select(each => each.Requests));
        var seen = new HashSet<int>();
        long[] misses = [.. keys.Select(key => seen.Add(key) ? 1L : 0L).Chunk(1000).Select(chunk => chunk.Sum())];
        Assert.Equal(misses, counts.Intervals.Select(each => each.Misses));
    }

    [Fact]
    public void Sizes_are_those_of_the_trace_unless_others_are_wanted()
    {
        byte[] trace = "1 a 10\n2 b 0\n3 c 99999999\n"u8.ToArray();
        using (var server = new FakeServer())
        {
            _ = Replay(server, trace);
            Assert.Equal(
                [10, 0, SizeDistribution.SizeMax], new[] { "k:a", "k:b", "k:c" }.Select(server.SizeOf).ToArray());
        }
        using (var server = new FakeServer())
        {
            _ = Replay(server, trace, sizes: "fixed:77");
            Assert.Equal([77, 77, 77], new[] { "k:a", "k:b", "k:c" }.Select(server.SizeOf).ToArray());
        }
    }

    public static TheoryData<string, Func<byte[], byte[]>> Corruptions => new()
    {
        { "first byte", answer => Flip(answer, Head(answer)) },
        { "last byte", answer => Flip(answer, answer.Length - "\r\nEND\r\n"u8.Length - 1) },
        { "another version's flags", answer => Replaced(answer, "k:a 1 100", "k:a 2 100") },
        { "another key's value", answer => Replaced(answer, "k:a", "k:b") },
        { "cut short", answer => [.. Replaced(answer, " 100\r\n", " 99\r\n").AsSpan()[..^8], .. "\r\nEND\r\n"u8] },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void A_corrupted_value_is_found(string row, Func<byte[], byte[]> corrupt)
    {
        _ = row;
        using var server = new FakeServer
        {
            Answer = (key, answer) => key == "k:a" && answer.Length > 5 ? corrupt(answer) : answer,
        };
        ReplayCounts counts = Replay(server, Lines("a b a b"));
        Assert.Equal(1, counts.WrongValues);
        Assert.Equal("k:a", counts.WrongKey);
        Assert.Equal(2, counts.Hits);
    }

    /// <summary>An old value is not the one that was stored last, though it is one.</summary>
    [Fact]
    public void A_value_that_comes_back_from_the_past_is_found()
    {
        byte[]? old = null;
        int getCount = 0;
        using var server = new FakeServer
        {
            Answer = (_, answer) => ++getCount switch
            {
                2 => old = answer,
                3 => "END\r\n"u8.ToArray(),
                4 => old!,
                _ => answer,
            },
        };
        ReplayCounts counts = Replay(server, Lines("a a a a"));
        Assert.Equal(2, counts.Stores);
        Assert.Equal(1, counts.WrongValues);
    }

    [Fact]
    public void What_an_earlier_run_left_is_checked_too_and_flush_removes_it()
    {
        using var server = new FakeServer();
        _ = Replay(server, Lines("a b"));
        ReplayCounts second = Replay(server, Lines("a b"));
        Assert.Equal((2, 0), (second.Hits, second.WrongValues));
        server.Answer = (_, answer) => Flip(answer, Head(answer));
        Assert.Equal(2, Replay(server, Lines("a b")).WrongValues);
        server.Answer = (_, answer) => answer;
        Assert.Equal(2, Replay(server, Lines("a b"), flush: true).Misses);
    }

    [Fact]
    public void Refused_stores_are_counted_by_error()
    {
        using var server = new FakeServer
        {
            Refusal = key => key switch
            {
                "k:a" => "SERVER_ERROR out of memory storing object",
                "k:b" => "SERVER_ERROR object too large for cache",
                _ => null,
            },
        };
        ReplayCounts counts = Replay(server, Lines("a b c a c"));
        Assert.Equal((1, 4, 1, 3), (counts.Hits, counts.Misses, counts.Stores, counts.StoreFailures));
        Assert.Equal(2, counts.StoreFailuresByError["SERVER_ERROR out of memory storing object"]);
        Assert.Equal(1, counts.StoreFailuresByError["SERVER_ERROR object too large for cache"]);
    }

    [Fact]
    public void The_limit_ends_the_replay()
    {
        using var server = new FakeServer();
        ReplayCounts counts = Replay(server, Lines("a b c d e"), window: 2, limit: 3);
        Assert.Equal(3, counts.Requests);
    }

    [Theory]
    [InlineData("CLIENT_ERROR bad data chunk")]
    [InlineData("ERROR")]
    [InlineData("HTTP/1.1 400 Bad Request")]
    public void An_answer_out_of_place_ends_the_replay(string answer)
    {
        using var server = new FakeServer { Refusal = _ => answer };
        LoadTestException problem = Assert.Throws<LoadTestException>(() => Replay(server, Lines("a b")));
        Assert.Equal($"{server.Address} answers '{answer}', which is not expected", problem.Message);
    }

    [Fact]
    public void A_server_that_is_not_there_is_one_sentence()
    {
        ServerAddress address;
        using (var server = new FakeServer()) address = server.Address;
        using var directory = new TemporaryDirectory();
        var settings = new ReplaySettings { Trace = directory.Write("t", Lines("a")), Server = address };
        Assert.StartsWith(
            $"cannot connect to {address}: ",
            Assert.Throws<LoadTestException>(() => Replayer.Run(settings, default)).Message);
    }

    [Fact]
    public void A_trace_that_breaks_off_ends_every_connection()
    {
        using var server = new FakeServer();
        byte[] trace = [.. TraceBytes.Int32(TraceBytes.SkewedKeys(20_000, 9)), 1];
        LoadTestException problem = Assert.Throws<LoadTestException>(
            () => Replay(server, trace, TraceFormat.Int32, connections: 3));
        Assert.Contains("ends within record 20001: 1 of 4 bytes", problem.Message);
    }

    [Fact]
    public void An_interrupt_reaches_a_connection_that_waits()
    {
        using var isAsked = new ManualResetEventSlim();
        using var isOver = new ManualResetEventSlim();
        using var server = new FakeServer
        {
            Answer = (_, answer) =>
            {
                isAsked.Set();
                isOver.Wait();
                return answer;
            },
        };
        using var directory = new TemporaryDirectory();
        var settings = new ReplaySettings { Trace = directory.Write("t", Lines("a b")), Server = server.Address };
        using var cancel = new CancellationTokenSource();
        var interrupter = new Thread(() =>
        {
            isAsked.Wait();
            cancel.Cancel();
        });
        interrupter.Start();
        _ = Assert.ThrowsAny<OperationCanceledException>(() => Replayer.Run(settings, cancel.Token));
        isOver.Set();
        interrupter.Join();
    }

    private static ReplayCounts Replay(
        FakeServer server, byte[] trace, TraceFormat format = TraceFormat.Text, int window = 1, long interval = 0,
        int connections = 1, long limit = long.MaxValue, string? sizes = null, bool flush = false)
    {
        using var directory = new TemporaryDirectory();
        var settings = new ReplaySettings
        {
            Trace = directory.Write("some.trace", trace),
            Format = format,
            Server = server.Address,
            Window = window,
            Interval = interval,
            ConnectionCount = connections,
            RequestCountMax = limit,
            Sizes = sizes == null ? null : SizeDistribution.Parse(sizes),
            IsFlushing = flush,
        };
        return Replayer.Run(settings, CancellationToken.None).Counts;
    }

    /// <summary>A text trace of these keys, all of 100 bytes.</summary>
    private static byte[] Lines(string keys) =>
        Encoding.ASCII.GetBytes(string.Concat(keys.Split(' ').Select((key, time) => $"{time} {key} 100\n")));

    private static (List<string> Log, bool[] Hits) Model(int[] keys, int window, int capacity)
    {
        var log = new List<string>();
        var hits = new List<bool>();
        var recent = new List<int>(); // the least recently used key comes first
        for (int start = 0; start < keys.Length;)
        {
            int end = start;
            while (end < keys.Length && end - start < window && !keys[start..end].Contains(keys[end])) end++;
            var missed = new List<int>();
            foreach (int key in keys[start..end])
            {
                log.Add($"get k:{key:x8}");
                hits.Add(recent.Remove(key));
                if (hits[^1]) recent.Add(key);
                else missed.Add(key);
            }
            foreach (int key in missed)
            {
                log.Add($"set k:{key:x8}");
                recent.Add(key);
                if (recent.Count > capacity) recent.RemoveAt(0);
            }
            start = end;
        }
        return (log, [.. hits]);
    }

    private static int Head(byte[] answer) => Array.IndexOf(answer, (byte)'\n') + 1;

    private static byte[] Flip(byte[] answer, int index)
    {
        byte[] flipped = [.. answer];
        flipped[index] ^= 1;
        return flipped;
    }

    private static byte[] Replaced(byte[] answer, string old, string replacement) => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(answer).Replace(old, replacement, StringComparison.Ordinal));
}
