using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>Connections of the real image: watched, idle, and one too many.</summary>
public sealed class WatchTests
{
    private const int ConnectionCountMax = 3;
    private const string TooMany = "ERROR Too many open connections\r\n";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly ITestOutputHelper _output;

    public WatchTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task Watchers_see_requests_and_evictions_with_the_time()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, memoryMiB: 32);
        using MemcachedConnection watcher = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        using MemcachedConnection evictions = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        using MemcachedConnection client = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("OK", await watcher.AskAsync("watch fetchers mutations deletions"));
        Assert.Equal("OK", await evictions.AskAsync("watch evictions"));
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-5);
        Assert.Equal("STORED", await client.SetAsync("k#", [1, 2, 3]));
        Assert.Equal("DELETED", await client.AskAsync("delete k#"));
        List<string> lines = await ReadLinesAsync(watcher, 4);
        DateTimeOffset after = DateTimeOffset.UtcNow.AddSeconds(5);
        string[] types = [.. lines.Select(line => Regex.Match(line, " type=(.*)$").Groups[1].Value)];
        string fd = Regex.Match(lines[0], @" cfd=(\d+) ").Groups[1].Value;
        Assert.Equal(
            [
                $"item_get key=k%23 status=not_found clsid=0 cfd={fd} size=0",
                $"item_store key=k%23 status=stored cmd=set ttl=0 clsid=1 cfd={fd} size=3",
                $"item_get key=k%23 status=found clsid=1 cfd={fd} size=3",
                "deleted key=k%23 cmd=delete clsid=1 size=3",
            ],
            types);
        foreach (string line in lines)
        {
            long seconds = long.Parse(Regex.Match(line, @"^ts=(\d+)\.\d+ gid=\d+ ").Groups[1].Value);
            Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(seconds), before, after);
        }

        byte[] value = new byte[500_000];
        int stored = 0;
        while (long.Parse((await client.StatsAsync())["evictions"]) == 0 && stored < 100)
            Assert.Equal("STORED", await client.SetAsync($"value{stored++}", value));
        Assert.Matches(@" type=eviction key=value\d+ fetch=no ttl=-1 la=\d+ clsid=1 size=500000$",
            (await ReadLinesAsync(evictions, 1))[0]);
        IReadOnlyDictionary<string, string> stats = await client.StatsAsync();
        Assert.Equal(("2", "0"), (stats["log_watchers"], stats["log_worker_dropped"]));
        Assert.Contains("conn_watch", (await client.StatsAsync(" conns")).Values);
    }

    [Fact]
    public async Task One_too_many_is_told_so_and_the_idle_make_room()
    {
        await using Guest guest = await Guest.BootAsync(
            Accelerator.Tcg, MachineType.MicroVm, _output, memoryMiB: 64, "-c", $"{ConnectionCountMax}", "-o", "idle_timeout=3");
        var connections = new List<MemcachedConnection>();
        try
        {
            for (int i = 0; i < ConnectionCountMax; i++)
            {
                connections.Add(await MemcachedConnection.OpenAsync(guest.EndPoint, Bound));
                Assert.StartsWith("VERSION ", await connections[i].AskAsync("version"), StringComparison.Ordinal);
            }
            using (MemcachedConnection other = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound))
                Assert.Equal(TooMany, await other.ReadToEndAsync());
            foreach (MemcachedConnection connection in connections)
                Assert.Equal("", await connection.ReadToEndAsync());
            using MemcachedConnection next = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
            IReadOnlyDictionary<string, string> stats = await next.StatsAsync();
            Assert.Equal("1", stats["rejected_connections"]);
            Assert.InRange(long.Parse(stats["idle_kicks"]), ConnectionCountMax, ConnectionCountMax + 1);
        }
        finally
        {
            foreach (MemcachedConnection connection in connections) connection.Dispose();
        }
    }

    /// <summary>An event's line ends in LF alone.</summary>
    private static async Task<List<string>> ReadLinesAsync(MemcachedConnection connection, int count)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        while (lines.Count < count)
        {
            char letter = (char)(await connection.ReadExactlyAsync(1))[0];
            if (letter != '\n')
            {
                _ = line.Append(letter);
                continue;
            }
            lines.Add(line.ToString());
            _ = line.Clear();
        }
        return lines;
    }
}
