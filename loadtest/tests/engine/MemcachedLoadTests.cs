using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>The whole of it, against the real memcached, whose own counters are the judge.</summary>
public sealed class MemcachedLoadTests
{
    private const int KeyCount = 500;

    public static TheoryData<string, WireProtocol, string, int, int> Loads => new()
    {
        { "text, one at a time", WireProtocol.Text, "get=8,set=1,delete=1,incr=1,multiget:7=1", 1, 1 },
        { "text, many at once", WireProtocol.Text, "get=8,set=1,delete=1,incr=1,multiget:7=1", 5, 40 },
        { "meta, many at once", WireProtocol.Meta, "get=8,set=1,delete=1,incr=1,multiget:7=1", 5, 40 },
        { "binary, many at once", WireProtocol.Binary, "get=8,set=1,delete=1,incr=1,multiget:7=1", 5, 40 },
    };

    [ProgramTheory(ReferenceServer.Program)]
    [MemberData(nameof(Loads))]
    public void Memcached_counts_the_same(string row, WireProtocol protocol, string mix, int connections, int depth)
    {
        _ = row;
        using var server = new ReferenceServer();
        LoadSettings settings = Settings(server, protocol, mix) with
        {
            ConnectionCount = connections,
            ThreadCount = Math.Min(connections, 2),
            Depth = depth,
            RequestCount = 20_000,
        };
        LoadResult result = Run(settings);
        Dictionary<string, long> stats = Stats(server.Address);
        OperationCounts Of(string name) =>
            result.Total.Operations[settings.Mix.Entries.ToList().FindIndex(each => each.Name == name)];
        Assert.Equal(0, result.Total.Errors.Total);
        Assert.Equal(20_000, result.Total.Requests);
        Assert.Equal((KeyCount * 2) + Of("set").Requests, stats["cmd_set"]);
        // At the end, every counter is read.
        Assert.Equal(Of("get").Hits + Of("multiget:7").Hits + KeyCount, stats["get_hits"]);
        Assert.Equal(Of("get").Misses + Of("multiget:7").Misses, stats["get_misses"]);
        Assert.Equal(Of("multiget:7").Requests * 7, Of("multiget:7").Hits + Of("multiget:7").Misses);
        Assert.Equal((Of("delete").Hits, Of("delete").Misses), (stats["delete_hits"], stats["delete_misses"]));
        Assert.Equal((Of("incr").Hits, Of("incr").Misses), (stats["incr_hits"], stats["incr_misses"]));
        Assert.True(Of("get").Misses > 0, "nothing was deleted");
        Assert.Equal(Of("incr").Hits, SumOfCounters(server.Address, settings));
    }

    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    [InlineData(WireProtocol.Binary)]
    public void Items_expire_unless_they_are_touched(WireProtocol protocol)
    {
        using var server = new ReferenceServer();
        LoadSettings settings = Settings(server, protocol, "touch,gat") with { TtlSeconds = 1000, RequestCount = 5000 };
        LoadResult result = Run(settings);
        Assert.Equal((5000, 0, 0), (result.Total.Hits, result.Total.Misses, result.Total.Errors.Total));
        Dictionary<string, long> stats = Stats(server.Address);
        Assert.Equal((5000, 5000), (stats["cmd_touch"], stats["touch_hits"]));
        using var connection = new TextConnection(server.Address);
        string reply = connection.Ask("mg " + settings.KeyFormat.ToText(3, KeyKind.Value) + " t");
        Assert.InRange(int.Parse(reply.Split('t')[1], CultureInfo.InvariantCulture), 900, 1000);
    }

    /// <summary>
    /// Every operation there is. Few keys and many requests on their way, so that many a cas comes too late: none of
    /// them may be lost, and the sum of all counters is that of the updates.
    /// </summary>
    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    [InlineData(WireProtocol.Binary)]
    public void Every_operation_is_right_and_no_update_is_lost(WireProtocol protocol)
    {
        const string Mix = "get,gets,multiget:3,gat,touch,set,add,replace,append,prepend,delete,incr=4,decr=2,cas=9";
        using var server = new ReferenceServer();
        LoadSettings settings = Settings(server, protocol, Mix) with
        {
            KeyCount = 20, Depth = 10, ThreadCount = 2, RequestCount = 20_000,
        };
        LoadResult result = Run(settings);
        OperationCounts Of(string name) =>
            result.Total.Operations[settings.Mix.Entries.ToList().FindIndex(each => each.Name == name)];
        string errors = string.Join("; ", ErrorKinds.All.Select(result.Total.Errors.ExampleOf).OfType<string>());
        Assert.True(errors.Length == 0, errors);
        Assert.Equal((20, 0), (result.CountersChecked, result.CountersGone));
        Dictionary<string, long> stats = Stats(server.Address);
        Assert.InRange(Of("cas").NotStored, 100, 9000);
        Assert.Equal(Of("cas").NotStored, stats["cas_badval"]);
        Assert.Equal(Of("cas").Hits - Of("cas").NotStored, stats["cas_hits"]);
        Assert.Equal(
            (20 * (long)settings.CounterStart) + Of("incr").Hits - Of("decr").Hits + stats["cas_hits"],
            SumOfCounters(server.Address, settings));
        Assert.All(new[] { "add", "replace" }, name => Assert.InRange(Of(name).NotStored, 1, Of(name).Requests - 1));
        Assert.Equal(0, Of("append").NotStored + Of("prepend").NotStored);
        using var connection = new TextConnection(server.Address);
        long grown = Enumerable.Range(0, 20).Sum(key =>
        {
            string reply = connection.Ask($"mg {settings.KeyFormat.ToText(key, KeyKind.Growing)} s");
            return long.Parse(reply.Split('s')[1], CultureInfo.InvariantCulture);
        });
        Assert.Equal(20 + Of("append").Requests + Of("prepend").Requests, grown);
    }

    /// <summary>Counters of an earlier run, of which some are gone: the others are checked.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public void Counters_that_are_gone_are_not_judged()
    {
        using var server = new ReferenceServer();
        LoadSettings settings = Settings(server, WireProtocol.Text, "incr,cas") with
        {
            KeyCount = 20, RequestCount = 500, Depth = 4,
        };
        Assert.Equal(20, Run(settings).CountersChecked);
        using var connection = new TextConnection(server.Address);
        string key = settings.KeyFormat.ToText(7, KeyKind.Counter);
        Assert.Equal("DELETED", connection.Ask($"delete {key}"));
        LoadResult second = Run(settings with { IsPreloading = false });
        Assert.Equal((0, 19, 0), (second.Total.Errors.Total, second.CountersChecked, second.CountersGone));
    }

    [ProgramFact(ReferenceServer.Program)]
    public void The_open_loop_keeps_its_rate_and_its_seconds()
    {
        using var server = new ReferenceServer();
        LoadSettings settings = Settings(server, WireProtocol.Text, "get=9,set=1") with
        {
            Rate = 2000,
            Duration = TimeSpan.FromSeconds(2),
            ConnectionCount = 20,
            ThreadCount = 2,
            WarmUp = TimeSpan.FromMilliseconds(300),
        };
        var progress = new StringWriter();
        LoadResult result = LoadRunner.Run(settings, progress, default);
        Assert.InRange(result.Total.Requests, 3998, 4002);
        Assert.Equal(0, result.Unsent);
        // Less, and a second more, if this machine was busy with something else at the end.
        Assert.InRange(result.RequestsPerSecond, 500, 2010);
        Assert.InRange(result.Seconds.Count, 2, 8);
        Assert.Equal(result.Total.Requests, result.Seconds.Sum(second => second.All.Requests));
        Assert.Equal(result.Total.Requests, result.Total.Lag.Count);
        Assert.Equal(2, result.ClientCpu.Count);
        Assert.All(result.ClientCpu, share => Assert.InRange(share, 0.0001, 1));
        string[] lines = progress.ToString().Split(Environment.NewLine);
        Assert.StartsWith($"preloaded {KeyCount} keys in ", lines[0]);
        Assert.StartsWith("   1 s ", lines[1]);
        Assert.StartsWith("   2 s ", lines[2]);
    }

    /// <summary>A second has 15 histograms of 66 KiB. One object for each request would be 2.4 MB.</summary>
    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    [InlineData(WireProtocol.Binary)]
    public void Requests_do_not_allocate(WireProtocol protocol)
    {
        using var server = new ReferenceServer();
        const string Mix = "get,gets,multiget:5,gat,touch,set,add,replace,append,prepend,delete,incr,decr,cas";
        LoadResult result = Run(Settings(server, protocol, Mix) with
        {
            Depth = 16,
            RequestCount = 100_000,
            WarmUp = TimeSpan.FromMilliseconds(200),
        });
        Assert.InRange(result.ClientAllocatedBytes, 0, (result.Seconds.Count * 15 * 68_000) + 200_000);
    }

    /// <summary>Values of all sizes up to the largest, through sockets that fill up on both sides.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public void Large_values_are_verified()
    {
        using var server = new ReferenceServer();
        LoadResult result = Run(Settings(server, WireProtocol.Text, "get=3,set=1,multiget:4=1") with
        {
            KeyCount = 40,
            ValueSizes = SizeDistribution.Parse("uniform:1-1048000"),
            ConnectionCount = 3,
            Depth = 8,
            RequestCount = 600,
        });
        Assert.Equal(0, result.Total.Errors.Corruptions);
        Assert.Equal(600, result.Total.Requests);
        Assert.True(result.Total.Sum().BytesRead > 100_000_000, $"{result.Total.Sum().BytesRead} bytes");
    }

    /// <summary>A run finds what an earlier one has stored, in the other protocol, and knows it again.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public void Values_of_another_run_are_verified()
    {
        using var server = new ReferenceServer();
        _ = Run(Settings(server, WireProtocol.Text, "set") with { RequestCount = 1000, Seed = 5 });
        LoadResult result = Run(Settings(server, WireProtocol.Meta, "get") with
        {
            RequestCount = 1000,
            IsPreloading = false,
        });
        Assert.Equal((1000, 0), (result.Total.Hits, result.Total.Errors.Total));
    }

    private static LoadSettings Settings(ReferenceServer server, WireProtocol protocol, string mix) => new()
    {
        Server = server.Address,
        Protocol = protocol,
        Mix = OperationMix.Parse(mix),
        KeyCount = KeyCount,
        KeyDistribution = "zipf:0.8",
        WarmUp = TimeSpan.Zero,
        IsVerifying = true,
    };

    private static LoadResult Run(LoadSettings settings) => LoadRunner.Run(settings, TextWriter.Null, default);

    private static Dictionary<string, long> Stats(ServerAddress address)
    {
        using var connection = new TextConnection(address);
        var stats = new Dictionary<string, long>();
        for (string line = connection.Ask("stats"); line != "END"; line = connection.ReadLine())
        {
            string[] words = line.Split(' ');
            if (long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                stats[words[1]] = value;
        }
        return stats;
    }

    private static long SumOfCounters(ServerAddress address, LoadSettings settings)
    {
        using var connection = new TextConnection(address);
        var format = settings.KeyFormat;
        long sum = 0;
        for (int i = 0; i < settings.KeyCount; i++)
        {
            _ = connection.Ask("get " + format.ToText(i, KeyKind.Counter));
            sum += long.Parse(connection.ReadLine(), CultureInfo.InvariantCulture);
            _ = connection.ReadLine();
        }
        return sum;
    }

    /// <summary>Asks line by line.</summary>
    private sealed class TextConnection : IDisposable
    {
        private readonly Socket _socket;
        private readonly NetworkStream _stream;
        private readonly StreamReader _reader;

        public TextConnection(ServerAddress address)
        {
            _socket = address.Connect();
            _stream = new NetworkStream(_socket);
            _reader = new StreamReader(_stream, Encoding.Latin1);
        }

        public string Ask(string line)
        {
            _stream.Write(Encoding.ASCII.GetBytes(line + "\r\n"));
            return ReadLine();
        }

        public string ReadLine() => _reader.ReadLine() ?? throw new IOException("memcached is gone");

        public void Dispose()
        {
            _reader.Dispose();
            _stream.Dispose();
            _socket.Dispose();
        }
    }
}
