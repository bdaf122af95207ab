using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>Dumps among other clients, and what switches permit.</summary>
public sealed class AdminTests
{
    [Theory]
    [InlineData(1, "metadump", 384)]
    [InlineData(2, "mgdump", 500)]
    [InlineData(3, "metadump", 1 << 16)]
    public void A_dump_has_what_stays_once_while_others_write(ulong seed, string kind, int capacity)
    {
        const int Steady = 400;
        using var server = new TestServer(memoryLength: 2 << 20, segmentSize: 64 << 10);
        var random = new Prng(seed);
        for (int i = 0; i < Steady; i++) _ = server.Ask($"set steady{i} 0 0 5\r\nvalue\r\n");
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, capacity);
        var answer = new StringBuilder();
        _ = session.Receive(TestServer.Bytes($"lru_crawler {kind} all\r\n"), output);
        int steps = 0;
        while (session.IsBlocked || output.Length > 0)
        {
            // What is in the output leaves a few bytes at a time.
            int drained = Math.Min(output.Length, 1 + (int)random.Below(2000));
            byte[] part = new byte[drained];
            output.CopyTo(0, part);
            output.Drop(drained);
            _ = answer.Append(TestServer.Text(part));
            _ = server.Ask($"set other{random.Below(5000)} 0 0 20\r\n{new string('x', 20)}\r\n");
            _ = server.Ask($"get steady{random.Below(Steady)}\r\n");
            if (session.IsBlocked && steps++ % 10 == 0)
            {
                string answered = server.Ask("lru_crawler metadump all\r\n");
                Assert.Equal("BUSY currently processing crawler request\r\n", answered);
            }
            if (session.IsBlocked) session.Resume(output);
            else if (output.Length == 0) break;
        }
        string text = answer.ToString();
        Assert.StartsWith("OK\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith(kind == "metadump" ? "END\r\n" : "EN\r\n", text, StringComparison.Ordinal);
        var counts = new Dictionary<string, int>();
        foreach (string line in text.Split('\n'))
        {
            string word = line.Trim().Split(' ')[kind == "metadump" ? 0 : ^1];
            string key = word.Replace("key=", "", StringComparison.Ordinal);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        for (int i = 0; i < Steady; i++)
        {
            string key = "steady" + i.ToString(CultureInfo.InvariantCulture);
            Assert.Equal((seed, key, 1), (seed, key, counts.GetValueOrDefault(key)));
        }
        session.Closed();
        server.ExpectClean();
        Assert.StartsWith("OK\r\n", server.Ask("lru_crawler metadump all\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_read_a_dump_blocks_nobody_and_an_end_in_the_middle_gives_it_back()
    {
        using var server = new TestServer();
        for (int i = 0; i < 200; i++) _ = server.Ask($"set key{i} 0 0 1\r\nx\r\n");
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, Session.OutputCapacityMin);
        Assert.Equal(26, session.Receive("lru_crawler metadump all\r\nget a\r\n"u8, output));
        Assert.True(session.IsBlocked);
        Assert.Equal("BUSY currently processing crawler request\r\n", server.Ask("lru_crawler crawl all\r\n"));
        Assert.Equal("BUSY currently processing crawler request\r\n", server.Ask("lru_crawler mgdump 2\r\n"));
        Assert.Contains("STAT lru_crawler_running 1\r\n", server.Ask("stats\r\n"), StringComparison.Ordinal);
        for (int i = 0; i < 3000; i++)
        {
            Assert.Equal("STORED\r\n", server.Ask($"set other{i} 0 0 50\r\n{new string('x', 50)}\r\n"));
        }
        Assert.Equal(0, server.Store.LeasedSegmentCount);
        session.Closed();
        output.Clear();
        server.ExpectClean();
        Assert.Contains("STAT lru_crawler_running 0\r\n", server.Ask("stats\r\n"), StringComparison.Ordinal);
        Assert.Equal("OK\r\nEN\r\n", server.Ask("lru_crawler mgdump 2\r\n"));
    }

    [Fact]
    public void A_dump_that_was_taken_away_ends_without_an_end()
    {
        using var server = new TestServer();
        for (int i = 0; i < 100; i++) _ = server.Ask($"set key{i} 0 0 1\r\nx\r\n");
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, Session.OutputCapacityMin);
        _ = session.Receive("lru_crawler metadump all\r\n"u8, output);
        server.Sleep(1800);
        Assert.EndsWith("END\r\n", server.Ask("lru_crawler metadump all\r\n"), StringComparison.Ordinal);
        session.Resume(output);
        Assert.True(session.WantsClose);
        output.Clear();
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void A_dump_behind_an_answer_that_has_not_left_is_refused()
    {
        using var server = new TestServer();
        Assert.Equal("EN\r\nERROR cannot pipeline other commands before metadump\r\n",
            server.Ask("mg a v\r\nlru_crawler metadump all\r\n"));
        Assert.Equal("EN\r\nERROR cannot pipeline other commands before mgdump\r\n",
            server.Ask("mg a v\r\nlru_crawler mgdump all\r\n"));
    }

    [Fact]
    public void A_crawl_removes_what_has_expired()
    {
        using var server = new TestServer();
        for (int i = 0; i < 30; i++) _ = server.Ask($"set short{i} 0 10 1\r\nx\r\nset long{i} 0 20 1\r\nx\r\n");
        server.Sleep(15);
        Assert.Equal("OK\r\n", server.Ask("lru_crawler crawl 1\r\n"));
        for (int i = 0; i < 10 && server.Store.Crawler.IsRunning; i++) server.Sleep(0);
        string stats = server.Ask("stats\r\n");
        Assert.Contains("STAT curr_items 30\r\n", stats, StringComparison.Ordinal);
        Assert.Contains("STAT crawler_reclaimed 30\r\n", stats, StringComparison.Ordinal);
        Assert.Contains("STAT lru_crawler_running 0\r\n", stats, StringComparison.Ordinal);
        Assert.Contains("STAT lru_crawler_starts 1\r\n", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_the_memory_is_told_and_kept()
    {
        using var server = new TestServer(memoryLength: 16 << 20, segmentSize: 64 << 10);
        Assert.Equal(
            "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n", server.Ask("cache_memlimit 17\r\n"));
        Assert.Equal("OK\r\n", server.Ask("cache_memlimit 8\r\n"));
        Assert.Contains("STAT limit_maxbytes 8388608\r\n", server.Ask("stats\r\n"), StringComparison.Ordinal);
        Assert.Contains("STAT maxbytes 8388608\r\n", server.Ask("stats settings\r\n"), StringComparison.Ordinal);
        for (int i = 0; i < 100; i++) server.Sleep(0);
        Assert.Contains("STAT total_malloced 8", server.Ask("stats slabs\r\n"), StringComparison.Ordinal);
        Assert.Equal("OK\r\n", server.Ask("cache_memlimit 16\r\n"));
        Assert.Contains("STAT limit_maxbytes 16777216\r\n", server.Ask("stats\r\n"), StringComparison.Ordinal);
        Assert.Equal("", server.Ask("cache_memlimit 8 noreply\r\n"));
        Assert.Contains("STAT limit_maxbytes 8388608\r\n", server.Ask("stats\r\n"), StringComparison.Ordinal);
    }

    /// <summary>Recorded from memcached 1.6.45 -A -F -X.</summary>
    [Fact]
    public void Switches_permit_and_refuse()
    {
        using var server = new TestServer(
            settings: new ServerSettings(11211) { AllowsShutdown = true, RefusesFlush = true, RefusesDumps = true });
        const string NoFlush = "CLIENT_ERROR flush_all not allowed\r\n";
        Assert.Equal("STORED\r\n" + NoFlush + NoFlush + "VALUE a 0 1\r\nx\r\nEND\r\n",
            server.Ask("set a 0 0 1\r\nx\r\nflush_all\r\nflush_all x\r\nflush_all noreply\r\nget a\r\n"));
        Assert.Contains("STAT cmd_flush 3\r\n", server.Ask("stats\r\n"), StringComparison.Ordinal);
        Assert.Equal("ERROR metadump not allowed\r\n", server.Ask("lru_crawler metadump all\r\n"));
        Assert.Equal("ERROR key dump not allowed\r\n", server.Ask("lru_crawler mgdump x\r\n"));
        Assert.Equal("OK\r\n", server.Ask("lru_crawler crawl 2\r\n"));
        Assert.Equal("CLIENT_ERROR stats detail not allowed\r\nCLIENT_ERROR stats detail not allowed\r\n",
            server.Ask("stats detail on\r\nstats detail\r\n"));
        Assert.Equal("CLIENT_ERROR stats cachedump not allowed\r\nCLIENT_ERROR stats cachedump not allowed\r\n",
            server.Ask("stats cachedump 1 1\r\nstats cachedump\r\n"));
        Assert.Equal("CLIENT_ERROR invalid shutdown mode\r\nCLIENT_ERROR invalid shutdown mode\r\n",
            server.Ask("shutdown x\r\nshutdown graceful x\r\nshutdown now noreply\r\n"));
        string settings = server.Ask("stats settings\r\n");
        string[] expected = ["shutdown_command yes", "flush_enabled no", "dump_enabled no", "cas_enabled yes"];
        foreach (string line in expected) Assert.Contains($"STAT {line}\r\n", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void A_datagram_is_not_answered_with_a_dump()
    {
        using var server = new TestServer();
        var session = new Session(server.Context, Session.NoConnection);
        byte[] input = TestServer.Bytes(
            "lru_crawler metadump all\r\nlru_crawler mgdump all\r\nstats cachedump 1 0\r\nlru_crawler crawl 1\r\n");
        byte[] answer = server.Talk(session, input, input.Length, 1 << 16);
        Assert.Equal("ERROR\r\nERROR\r\nERROR\r\nOK\r\n", TestServer.Text(answer));
        session.Closed();
        server.ExpectClean();
    }

    [Theory]
    [InlineData("shutdown\r\n")]
    [InlineData("shutdown graceful\r\n")]
    [InlineData("shutdown g\r\n")]
    public void Shutdown_ends_the_connection_and_asks_for_the_end(string request)
    {
        using var server = new TestServer(settings: new ServerSettings(11211) { AllowsShutdown = true });
        Session session = server.NewSession();
        byte[] input = TestServer.Bytes("mg a\r\n" + request + "version\r\n");
        Assert.Equal("EN\r\n", TestServer.Text(server.Talk(session, input, 100, 1 << 16)));
        Assert.True(session.WantsClose);
        Assert.True(server.Context.IsShutDown);
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void Without_permission_there_is_no_shutdown()
    {
        using var server = new TestServer();
        Assert.Equal("SERVER_ERROR: shutdown not enabled\r\n", server.Ask("shutdown\r\n"));
        Assert.False(server.Context.IsShutDown);
    }

    /// <summary>Recorded from memcached 1.6.45 -C.</summary>
    [Fact]
    public void Without_cas_uniques_they_are_0()
    {
        using var server = new TestServer(settings: new ServerSettings(11211), isWithoutCas: true);
        Assert.Equal(
            "STORED\r\nVALUE a 0 1 0\r\nx\r\nEND\r\nEXISTS\r\nEXISTS\r\nVA 1 c0\r\nx\r\n" +
            "HD c0\r\nHD c0\r\nEX\r\nEX\r\nHD\r\nNF\r\n",
            server.Ask("set a 0 0 1\r\nx\r\ngets a\r\ncas a 0 0 1 0\r\ny\r\ncas a 0 0 1 1\r\ny\r\nmg a c v\r\n" +
                "ms b 1 c E5\r\nx\r\nmg b c\r\nms b 1 C0\r\nx\r\nms b 1 C5\r\nx\r\nmd b C0\r\nmd b C5\r\n"));
        Assert.Contains("STAT cas_enabled no\r\n", server.Ask("stats settings\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_may_end_with_another_delimiter()
    {
        using var server = new TestServer(
            settings: new ServerSettings(11211) { PrefixDelimiter = (byte)'/', CountsPrefixes = true });
        Assert.Equal("END\r\nPREFIX a:b get 1 hit 0 set 0 del 0\r\nEND\r\n",
            server.Ask("get a:b/c a:b\r\nstats detail dump\r\n"));
        string settings = server.Ask("stats settings\r\n");
        Assert.Contains("STAT stat_key_prefix /\r\nSTAT detail_enabled yes\r\n", settings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Session.OutputCapacityMin)]
    [InlineData(1 << 16)]
    public void Prefixes_beyond_a_thousand_are_not_counted(int capacity)
    {
        using var server = new TestServer();
        _ = server.Ask("stats detail on\r\n");
        for (int i = 0; i < 2000; i++) _ = server.Ask($"get {i}:x {i}:y\r\n");
        string dump = server.Ask("stats detail dump\r\n", capacity);
        string[] lines = dump.Split("\r\n");
        Assert.Equal(1024 + 2, lines.Length);
        for (int i = 0; i < 1024; i++) Assert.Equal($"PREFIX {i} get 2 hit 0 set 0 del 0", lines[i]);
        Assert.Equal("END", lines[1024]);
        // Long ones use the room for text up before.
        _ = server.Ask("stats reset\r\n");
        for (int i = 0; i < 500; i++) _ = server.Ask($"get {i:000}{new string('p', 240)}:x\r\n");
        Assert.Equal((1024 * 32 / 243) + 2, server.Ask("stats detail dump\r\n", capacity).Split("\r\n").Length);
    }

    [Theory]
    [InlineData(Session.OutputCapacityMin)]
    [InlineData(5000)]
    [InlineData(1 << 16)]
    public void A_cachedump_has_every_item_once_and_no_more_than_two_megabytes(int capacity)
    {
        using var server = new TestServer(memoryLength: 8 << 20, segmentSize: 64 << 10);
        const int Count = 20_000;
        string key = new('k', 150);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(StoreResult.Stored, server.Store.TryReserve(
                StoreMode.Set, TestServer.Bytes($"{key}{i:00000}"), 0, 0, 0, out Reservation reservation));
            Assert.Equal(StoreResult.Stored, server.Store.Commit(ref reservation, StoreMode.Set, 0));
        }
        string dump = server.Ask("stats cachedump 1 0\r\n", capacity);
        Assert.InRange(dump.Length, (2 << 20) - 1000, 2 << 20);
        Assert.EndsWith("END\r\n", dump, StringComparison.Ordinal);
        string[] lines = dump.Split("\r\n");
        Assert.Equal(lines.Length - 2, new HashSet<string>(lines).Count - 2);
        string some = server.Ask("stats cachedump 1 5000\r\n", capacity);
        Assert.Equal(5000 + 2, some.Split("\r\n").Length);
        Assert.StartsWith(some[..^5], dump, StringComparison.Ordinal);
        server.ExpectClean();
    }
}
