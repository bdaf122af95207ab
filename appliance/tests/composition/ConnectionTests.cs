using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>How connections begin, wait, are watched and end.</summary>
public sealed class ConnectionTests
{
    private const string TooMany = "ERROR Too many open connections\r\n";

    [Fact]
    public void One_too_many_is_told_so_and_closed()
    {
        using var world = new ServerWorld(connectionCountMax: 2);
        TcpConnection first = world.Connect();
        TcpConnection second = world.Connect();
        for (int i = 1; i <= 40; i++)
        {
            TcpConnection other = world.Connect();
            Assert.Equal(TooMany, world.Take(other));
            Assert.Contains(other.Index, world.Heard.ClosedByPeer);
            Assert.Equal((i, 2), (world.Server.Statistics.RejectedConnections, world.Server.Statistics.CurrConnections));
            // What it says is not read. Some never close: their slots go to others.
            if (i % 2 == 0) Assert.Equal("", world.Ask(other, "version\r\n"));
            if (i % 4 == 0) other.Close();
        }
        Assert.Equal("END\r\n", world.Ask(first, "get a\r\n"));
        Assert.Equal("END\r\n", world.Ask(second, "get a\r\n"));
        Assert.Equal(2, world.Server.Statistics.TotalConnections);
        Assert.Equal("", world.Ask(first, "quit\r\n"));
        Assert.Equal("END\r\n", world.Ask(world.Connect(), "get a\r\n"));
    }

    [Fact]
    public void Who_never_closes_does_not_keep_others_out()
    {
        using var world = new ServerWorld(connectionCountMax: 2);
        for (int i = 0; i < 100; i++)
        {
            TcpConnection connection = world.Connect();
            Assert.Equal("END\r\n", world.Ask(connection, "get a\r\nquit\r\n"));
            Assert.Equal(0, world.Server.Statistics.CurrConnections);
        }
        Assert.Equal(0, world.Counters.SynsDropped);
        Assert.Equal(0, world.Server.Statistics.RejectedConnections);
    }

    [Fact]
    public void The_idle_are_closed_after_their_time_and_nobody_else()
    {
        using var world = new ServerWorld(new ServerSettings(11211) { IdleTimeoutSeconds = 5 }, connectionCountMax: 8);
        TcpConnection watcher = world.Connect();
        Assert.Equal("OK\r\n", world.Ask(watcher, "watch connevents\r\n"));
        TcpConnection busy = world.Connect();
        TcpConnection uploading = world.Connect();
        world.Say(uploading, "set a 0 0 10\r\n12345");
        TcpConnection idle = world.Connect();
        TcpConnection silent = world.Connect();
        Assert.Equal("END\r\n", world.Ask(idle, "get a\r\n"));
        for (int second = 1; second <= 12; second++)
        {
            world.RunTicksFor(1);
            Assert.Equal("END\r\n", world.Ask(busy, "get b\r\n"));
            Assert.Equal(second >= 6, world.Heard.ClosedByPeer.Contains(idle.Index));
            Assert.Equal(second >= 6, world.Heard.ClosedByPeer.Contains(silent.Index));
        }
        Assert.Equal(2, world.Server.Statistics.IdleKicks);
        Assert.Equal("STORED\r\n", world.Ask(uploading, "67890\r\n"));
        string[] lines = world.Take(watcher).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Count(line => line.Contains("reason=idle_timeout", StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(line => line.Contains("type=conn_new", StringComparison.Ordinal)));
        Assert.Equal(6, lines.Length);
    }

    [Fact]
    public void Without_a_timeout_nobody_is_closed()
    {
        using var world = new ServerWorld();
        TcpConnection idle = world.Connect();
        world.RunTicksFor(100);
        Assert.Equal("END\r\n", world.Ask(idle, "get a\r\n"));
    }

    [Fact]
    public void Stats_conns_tells_who_is_there_and_what_they_do()
    {
        using var world = new ServerWorld();
        TcpConnection asking = world.Connect();
        TcpConnection watching = world.Connect();
        Assert.Equal("OK\r\n", world.Ask(watching, "watch\r\n"));
        TcpConnection uploading = world.Connect();
        world.Say(uploading, "set a 0 0 10\r\n12345");
        world.RunTicksFor(3);
        string answer = world.Ask(asking, "stats conns\r\n");
        string[] expected =
        [
            "1:addr tcp:0.0.0.0:11211", "1:state conn_listening", "1:secs_since_last_cmd 3",
            "2:addr tcp:10.0.0.1:P", "2:listen_addr tcp:10.0.0.2:11211", "2:state conn_parse_cmd", "2:secs_since_last_cmd 0",
            "3:addr tcp:10.0.0.1:P", "3:listen_addr tcp:10.0.0.2:11211", "3:state conn_watch", "3:secs_since_last_cmd 3",
            "4:addr tcp:10.0.0.1:P", "4:listen_addr tcp:10.0.0.2:11211", "4:state conn_nread", "4:secs_since_last_cmd 3",
        ];
        string lines = string.Concat(expected.Select(line => $"STAT {line}\r\n")) + "END\r\n";
        Assert.Equal(lines, Regex.Replace(answer, @"10\.0\.0\.1:\d+", "10.0.0.1:P"));
        Assert.Equal(answer, world.Ask(asking, "stats co\r\n"));
        Assert.Equal("ERROR\r\n", world.Ask(asking, "stats connss\r\n"));
    }

    [Fact]
    public void A_watcher_hears_of_the_others_with_the_numbers_of_stats_conns()
    {
        using var world = new ServerWorld();
        TcpConnection watcher = world.Connect();
        Assert.Equal("OK\r\n", world.Ask(watcher, "watch fetchers connevents\r\n"));
        TcpConnection client = world.Connect();
        Assert.Equal("END\r\n", world.Ask(client, "get a\r\n"));
        Assert.Contains("STAT 3:state conn_parse_cmd\r\n", world.Ask(client, "stats conns\r\n"), StringComparison.Ordinal);
        client.Abort();
        world.RunTicksFor(1);
        string[] types = [.. Regex.Matches(world.Take(watcher), @"gid=(\d+) type=(\S+).*( cfd=\d+)")
            .Select(match => match.Groups[1].Value + " " + match.Groups[2].Value + match.Groups[3].Value)];
        Assert.Equal(["2 conn_new cfd=3", "3 item_get cfd=3", "4 conn_close cfd=3"], types);
        // It is not read, and closed when it closes.
        Assert.Equal("", world.Ask(watcher, "get a\r\nquit\r\n"));
        Assert.Equal(1, world.Server.Statistics.LogWatchers);
        watcher.Close();
        world.RunTicksFor(1);
        Assert.Contains(watcher.Index, world.Heard.ClosedByPeer);
        Assert.Equal((0, 0), (world.Server.Statistics.LogWatchers, world.Server.Statistics.CurrConnections));
        Assert.Equal(0, world.Server.Statistics.LogWatcherSkipped);
        world.Server.ExpectClean();
    }

    [Fact]
    public void A_watcher_may_be_reset_while_lines_are_on_their_way()
    {
        using var world = new ServerWorld();
        TcpConnection watcher = world.Connect();
        Assert.Equal("OK\r\n", world.Ask(watcher, "watch\r\n"));
        TcpConnection client = world.Connect();
        var requests = new StringBuilder();
        for (int i = 0; i < 500; i++) _ = requests.Append($"get key{i}\r\n");
        world.Say(client, requests.ToString());
        world.RunFor(1000);
        watcher.Abort();
        world.RunTicksFor(2);
        Assert.Equal(500, world.Take(client).Count(c => c == '\n'));
        Assert.Equal(0, world.Server.Statistics.LogWatchers);
        world.Server.ExpectClean();
    }

    /// <summary>Those that read nothing cost a bounded amount, and nobody else anything.</summary>
    [Theory]
    [InlineData("get a\r\n")]
    [InlineData("stats\r\n")]
    [InlineData("stats conns\r\n")]
    [InlineData("watch fetchers\r\n")]
    [InlineData("mn\r\n")]
    public void Whoever_reads_nothing_costs_others_nothing(string request)
    {
        using var world = new ServerWorld(connectionCountMax: 16);
        var deaf = new List<TcpConnection>();
        for (int i = 0; i < 6; i++)
        {
            TcpConnection connection = world.Connect();
            _ = world.Heard.Deaf.Add(connection.Index);
            deaf.Add(connection);
        }
        TcpConnection honest = world.Connect();
        string value = new('v', 100_000);
        for (int round = 0; round < 60; round++)
        {
            foreach (TcpConnection connection in deaf)
            {
                string requests = new StringBuilder().Insert(0, request, 4000 / request.Length).ToString();
                if (connection.Output.Room > requests.Length) world.Say(connection, requests);
            }
            Assert.Equal("STORED\r\n", world.Ask(honest, $"set v 0 0 {value.Length}\r\n{value}\r\n"));
            Assert.Equal($"VALUE v 0 {value.Length}\r\n{value}\r\nEND\r\n", world.Ask(honest, "get v\r\n"));
            world.RunTicksFor(1);
            Assert.InRange(world.Server.Chunks.FreeCount, world.Server.Chunks.Count / 16, world.Server.Chunks.Count);
        }
        foreach (TcpConnection connection in deaf) connection.Abort();
        honest.Abort();
        world.RunTicksFor(1);
        world.Server.ExpectClean();
        Assert.Equal(0, world.Server.Statistics.CurrConnections);
    }

    /// <summary>
    /// How many requests of a client that sends thousands at once are executed before those of another, which come a
    /// moment later, are answered.
    /// </summary>
    [Theory]
    [InlineData(1, 1, 40)]
    [InlineData(20, 20, 400)]
    [InlineData(1_000_000, 1500, 5000)]
    public void Nobody_waits_for_more_than_a_turn_of_each_other_connection(int requestsPerTurn, int least, int most)
    {
        const int Count = 5000;
        using var world = new ServerWorld(new ServerSettings(11211) { RequestsPerTurn = requestsPerTurn });
        TcpConnection greedy = world.Connect();
        TcpConnection modest = world.Connect();
        world.Say(greedy, new StringBuilder().Insert(0, "get n\r\n", Count).ToString() + "version\r\n");
        // A whole window of segments is on its way, and this one right behind.
        world.RunFor(0);
        world.Say(modest, "stats\r\n");
        Assert.True(world.TryRunUntil(() => world.Heard.OctetsOf.ContainsKey(modest.Index), 1_000_000));
        Match executed = Regex.Match(world.Take(modest), @"STAT cmd_get (\d+)\r\n");
        Assert.InRange(int.Parse(executed.Groups[1].Value, CultureInfo.InvariantCulture), least, most);
        string answer = new StringBuilder().Insert(0, "END\r\n", Count).ToString() + "VERSION 1.6.45-memcachier\r\n";
        string heard = "";
        Assert.True(world.TryRunUntil(() => (heard += world.Take(greedy)).Length >= answer.Length, 10_000_000));
        Assert.Equal(answer, heard);
        int yields = requestsPerTurn < Count ? Count / requestsPerTurn / 2 : 0;
        Assert.InRange(world.Server.Statistics.ConnYields, yields, requestsPerTurn < Count ? Count : 0);
    }
}
