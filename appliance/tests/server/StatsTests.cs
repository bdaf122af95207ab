using System;
using System.Collections.Generic;
using System.Globalization;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

public sealed class StatsTests
{
    // memcached 1.6.45 sends them in this order.
    private const string General =
        "pid uptime time version libevent pointer_size rusage_user rusage_system max_connections curr_connections " +
        "total_connections rejected_connections connection_structures response_obj_oom response_obj_count " +
        "response_obj_bytes read_buf_count read_buf_bytes read_buf_bytes_free read_buf_oom reserved_fds cmd_get " +
        "cmd_set cmd_flush cmd_touch cmd_meta get_hits get_misses get_expired get_flushed delete_misses delete_hits " +
        "incr_misses incr_hits decr_misses decr_hits cas_misses cas_hits cas_badval touch_hits touch_misses " +
        "store_too_large store_no_memory auth_cmds auth_errors bytes_read bytes_written limit_maxbytes " +
        "accepting_conns listen_disabled_num time_in_listen_disabled_us threads conn_yields hash_power_level " +
        "hash_bytes hash_is_expanding slab_reassign_rescues slab_reassign_chunk_rescues slab_reassign_inline_reclaim " +
        "slab_reassign_busy_items slab_reassign_busy_deletes slab_reassign_busy_nomem slab_reassign_last_busy_status " +
        "slab_reassign_running slabs_moved lru_crawler_running lru_crawler_starts lru_maintainer_juggles malloc_fails " +
        "log_worker_dropped log_worker_written log_watcher_skipped log_watcher_sent log_watchers unexpected_napi_ids " +
        "round_robin_fallback bytes curr_items total_items slab_global_page_pool expired_unfetched evicted_unfetched " +
        "evicted_active evictions reclaimed crawler_reclaimed crawler_items_checked lrutail_reflocked moves_to_cold " +
        "moves_to_warm moves_within_lru direct_reclaims lru_bumps_dropped";

    // Those of extstore, TLS, the proxy and dropped privileges are only there in a memcached that was built with them.
    private const string Settings =
        "maxbytes maxconns tcpport udpport inter verbosity oldest evictions domain_socket umask shutdown_command " +
        "growth_factor chunk_size num_threads num_threads_per_udp stat_key_prefix detail_enabled reqs_per_event " +
        "cas_enabled tcp_backlog binding_protocol auth_enabled_sasl auth_enabled_ascii item_size_max maxconns_fast " +
        "hashpower_init slab_reassign slab_automove slab_automove_ratio slab_automove_window slab_chunk_max lru_crawler " +
        "lru_crawler_sleep lru_crawler_tocrawl tail_repair_time flush_enabled dump_enabled hash_algorithm " +
        "lru_maintainer_thread lru_segmented hot_lru_pct warm_lru_pct hot_max_factor warm_max_factor temp_lru " +
        "temporary_ttl idle_timeout watcher_logbuf_size worker_logbuf_size read_buf_mem_limit track_sizes " +
        "inline_ascii_response num_napi_ids memory_file client_flags_size";

    private const string Items =
        "number number_hot number_warm number_cold age_hot age_warm age mem_requested evicted evicted_nonzero evicted_time " +
        "outofmemory tailrepairs reclaimed expired_unfetched evicted_unfetched evicted_active crawler_reclaimed " +
        "crawler_items_checked lrutail_reflocked moves_to_cold moves_to_warm moves_within_lru direct_reclaims hits_to_hot " +
        "hits_to_warm hits_to_cold hits_to_temp";

    private const string Slabs =
        "chunk_size chunks_per_page total_pages total_chunks used_chunks free_chunks free_chunks_end get_hits cmd_set " +
        "delete_hits incr_hits decr_hits cas_hits cas_badval touch_hits";

    [Fact]
    public void Names_come_in_memcacheds_order_and_then_ours()
    {
        using var server = new TestServer();
        List<string> names = Names(server.Ask("stats\r\n"));
        string[] expected = General.Split(' ');
        Assert.Equal(expected, names.GetRange(0, expected.Length));
        Assert.All(names.GetRange(expected.Length, names.Count - expected.Length),
            name => Assert.StartsWith("memcachier_", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_come_in_memcacheds_order_and_then_ours()
    {
        using var server = new TestServer();
        Assert.Equal([.. Settings.Split(' '), "memcachier_eviction"], Names(server.Ask("stats settings\r\n")));
    }

    [Fact]
    public void Settings_show_what_was_told()
    {
        using var server = new TestServer();
        _ = server.Ask("slabs automove 2\r\nslabs automove ratio .755\r\nslabs automove window 30\r\n" +
            "lru tune 10 11 0.005 1000\r\nlru mode flat\r\nlru temp_ttl 62\r\nlru_crawler sleep 7\r\n" +
            "lru_crawler tocrawl 8\r\nlru_crawler disable\r\nstats detail on\r\nverbosity 9\r\n");
        Dictionary<string, string> settings = Stats(server, "stats settings\r\n");
        (string Name, string Value)[] expected =
        [
            ("slab_automove", "2"), ("slab_automove_ratio", "0.76"), ("slab_automove_window", "30"),
            ("hot_lru_pct", "10"), ("warm_lru_pct", "11"), ("hot_max_factor", "0.01"), ("warm_max_factor", "1000.00"), ("lru_segmented", "no"),
            ("temp_lru", "yes"), ("temporary_ttl", "62"), ("lru_crawler_sleep", "7"), ("lru_crawler_tocrawl", "8"),
            ("lru_crawler", "no"), ("detail_enabled", "yes"), ("verbosity", "2"), ("growth_factor", "1.25"),
        ];
        foreach ((string name, string value) in expected) Assert.Equal((name, value), (name, settings[name]));
        _ = server.Ask("lru temp_ttl -1\r\nlru mode segmented\r\nlru_crawler enable\r\nstats detail off\r\n");
        settings = Stats(server, "stats settings\r\n");
        Assert.Equal(("no", "62", "yes", "yes", "no"), (settings["temp_lru"], settings["temporary_ttl"],
            settings["lru_segmented"], settings["lru_crawler"], settings["detail_enabled"]));
    }

    [Fact]
    public void Every_event_is_counted_under_its_name()
    {
        using var server = new TestServer();
        Expect(server, "set a 0 0 1\r\n1\r\n", ("cmd_set", 1), ("curr_items", 1), ("total_items", 1));
        Expect(server, "get a b a\r\n", ("cmd_get", 3), ("get_hits", 2), ("get_misses", 1));
        Expect(server, "gat 0 a b\r\n", ("cmd_touch", 2), ("touch_hits", 1), ("touch_misses", 1));
        Expect(server, "touch a 0\r\ntouch b 0\r\n", ("cmd_touch", 2), ("touch_hits", 1), ("touch_misses", 1));
        Expect(server, "incr a 1\r\nincr b 1\r\n", ("incr_hits", 1), ("incr_misses", 1));
        Expect(server, "decr a 1\r\ndecr b 1\r\n", ("decr_hits", 1), ("decr_misses", 1));
        Expect(server, "cas a 0 0 1 999\r\n1\r\ncas b 0 0 1 1\r\n1\r\n", ("cas_badval", 1), ("cas_misses", 1),
            ("cmd_set", 2));
        Expect(server, "delete a\r\ndelete a\r\n", ("delete_hits", 1), ("delete_misses", 1), ("curr_items", -1));
        Expect(server, "set a 0 0 90000\r\n" + new string('x', 90_000) + "\r\n", ("store_too_large", 1));
        Expect(server, "set a 0 -1 1\r\n1\r\nget a\r\n", ("get_expired", 1), ("get_misses", 1), ("cmd_set", 1),
            ("cmd_get", 1), ("total_items", 1));
        Expect(server, "flush_all x\r\nflush_all x noreply\r\n", ("cmd_flush", 2));
        Expect(server, "set a 0 0 1\r\n1\r\nflush_all\r\nget a\r\n", ("cmd_flush", 1), ("get_flushed", 1),
            ("get_misses", 1), ("cmd_set", 1), ("cmd_get", 1), ("total_items", 1));
        Expect(server, "add c 0 0 1\r\n1\r\nadd c 0 0 1\r\n1\r\n", ("cmd_set", 2), ("total_items", 1),
            ("curr_items", 1));
    }

    [Fact]
    public void Reset_spares_what_is_there()
    {
        using var server = new TestServer();
        _ = server.Ask("set a 0 0 1\r\n1\r\nget a\r\nget b\r\n");
        Assert.Equal("RESET\r\n", server.Ask("stats reset\r\n"));
        Dictionary<string, string> stats = Stats(server);
        Assert.Equal("1", stats["curr_items"]);
        foreach (string name in new[] { "cmd_get", "cmd_set", "get_hits", "get_misses", "total_items" })
        {
            Assert.Equal("0", stats[name]);
        }
    }

    [Fact]
    public void Values_are_what_they_should_be()
    {
        using var server = new TestServer();
        server.Statistics.BusyMicros = 12_000_345;
        server.Sleep(75);
        Dictionary<string, string> stats = Stats(server);
        Assert.Equal("75", stats["uptime"]);
        Assert.Equal((TestServer.UnixStart + 75).ToString(CultureInfo.InvariantCulture), stats["time"]);
        Assert.Equal("1.6.45-memcachier", stats["version"]);
        Assert.Equal("12.000345", stats["rusage_user"]);
        Assert.Equal("64", stats["pointer_size"]);
        Assert.Equal("64", stats["memcachier_chunks"]);
    }

    [Theory]
    [InlineData("stats settings", "item_size_max")]
    [InlineData("stats s", "item_size_max")]
    [InlineData("stats items", "items:1:number")]
    [InlineData("stats slabs", "active_slabs")]
    [InlineData("stats sizes", "sizes_status")]
    public void Other_tables(string command, string name)
    {
        using var server = new TestServer();
        _ = server.Ask("set a 0 0 1\r\n1\r\n");
        Assert.Contains(name, Names(server.Ask(command + "\r\n")));
    }

    [Fact]
    public void Items_and_slabs_have_all_of_memcacheds_names_in_its_order()
    {
        using var server = new TestServer();
        Assert.Equal("END\r\n", server.Ask("stats items\r\n"));
        _ = server.Ask("set a 0 0 1\r\n1\r\n");
        Assert.Equal(Array.ConvertAll(Items.Split(' '), name => "items:1:" + name), Names(server.Ask("stats items\r\n")));
        string[] slabs = [.. Array.ConvertAll(Slabs.Split(' '), name => "1:" + name), "active_slabs", "total_malloced"];
        Assert.Equal(slabs, Names(server.Ask("stats slabs\r\n")));
        Assert.Equal("STAT sizes_status disabled\r\nEND\r\n", server.Ask("stats sizes\r\n"));
    }

    /// <summary>
    /// Recorded from memcached 1.6.45 -o track_sizes, but for the flush_all: it may miss what was just read.
    /// </summary>
    [Fact]
    public void Sizes_are_those_that_memcached_counts()
    {
        const string Kilobyte = "1088 1";
        using var server = new TestServer(memoryLength: 1 << 20, segmentSize: 64 << 10, itemSizeMax: 64 << 10, tracksSizes: true);
        void Are(string request, params string[] sizes)
        {
            _ = server.Ask(request);
            string expected = string.Concat(Array.ConvertAll(sizes, size => $"STAT {size}\r\n")) + "END\r\n";
            Assert.Equal(expected, server.Ask("stats sizes\r\n"));
            Assert.Equal(expected, server.Ask("stats sizes x\r\n", Session.OutputCapacityMin));
        }
        Are("");
        Are("set a 0 0 1\r\n1\r\nset b 5 0 1\r\n1\r\n", "64 1", "96 1");                       // 61 and 65 bytes
        Are("set bb 0 0 4\r\n1234\r\nset n 0 0 2\r\n99\r\n", "64 2", "96 2");                  // 65 and 62
        Are("set k 0 0 1000\r\n" + new string('x', 1000) + "\r\n", "64 2", "96 2", Kilobyte);
        Are("incr n 1\r\nincr a 1\r\ndecr a 1\r\n", "64 2", "96 2", Kilobyte);
        Are("append bb 0 0 40\r\n" + new string('y', 40) + "\r\n", "64 2", "96 1", "128 1", Kilobyte);
        Are("set L 0 0 65476\r\n" + new string('z', 65_476) + "\r\n", "64 2", "96 1", "128 1", Kilobyte, "65536 1");
        Are("set L 0 0 65477\r\n" + new string('z', 65_477) + "\r\n", "64 2", "96 1", "128 1", Kilobyte);    // too large
        Are("stats reset\r\n", "64 2", "96 1", "128 1", Kilobyte);
        Are("delete a\r\n", "64 1", "96 1", "128 1", Kilobyte);
        Are("flush_all\r\n");
        Are("set a 0 0 1\r\n1\r\nget b k\r\n", "64 1");
        server.ExpectClean();
    }

    [Theory]
    [InlineData(false, "STAT track_sizes no\r\n")]
    [InlineData(true, "STAT track_sizes yes\r\n")]
    public void Settings_say_whether_sizes_are_tracked(bool tracksSizes, string line)
    {
        using var server = new TestServer(tracksSizes: tracksSizes);
        Assert.Contains(line, server.Ask("stats settings\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ages_are_those_of_the_items_at_the_ends_of_the_queues()
    {
        using var server = new TestServer();
        _ = server.Ask("set a 0 0 1\r\n1\r\n");
        server.Sleep(10);
        _ = server.Ask("set b 0 0 1\r\n1\r\n");
        server.Sleep(5);
        Assert.Equal(("15", "0", "15", "2"), Ages(server));
        _ = server.Ask("get a\r\n");
        server.Sleep(1);
        Assert.Equal(("1", "0", "1", "2"), Ages(server));
        _ = server.Ask("delete a\r\n");
        Assert.Equal(("6", "0", "6", "1"), Ages(server));
        _ = server.Ask("flush_all\r\nset c 0 0 1\r\n1\r\n");
        server.Sleep(2);
        Assert.Equal(("2", "0", "2", "1"), Ages(server));
    }

    private static void Expect(TestServer server, string request, params (string Name, long Change)[] changes)
    {
        Dictionary<string, string> before = Stats(server);
        _ = server.Ask(request);
        Dictionary<string, string> after = Stats(server);
        var expected = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string name, long change) in changes) expected[name] = change;
        var actual = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string name in General.Split(' '))
        {
            if (name is "version" or "libevent" or "bytes" or "rusage_user" or "rusage_system" or "slab_global_page_pool") continue;
            long change = long.Parse(after[name], CultureInfo.InvariantCulture) -
                long.Parse(before[name], CultureInfo.InvariantCulture);
            if (change != 0) actual[name] = change;
        }
        Assert.Equal(expected, actual);
    }

    private static (string Hot, string Warm, string Age, string Number) Ages(TestServer server)
    {
        Dictionary<string, string> items = Stats(server, "stats items\r\n");
        return (items["items:1:age_hot"], items["items:1:age_warm"], items["items:1:age"], items["items:1:number_hot"]);
    }

    private static Dictionary<string, string> Stats(TestServer server, string request = "stats\r\n")
    {
        var stats = new Dictionary<string, string>();
        foreach (string line in server.Ask(request).Split("\r\n"))
        {
            string[] words = line.Split(' ');
            if (words.Length == 3) stats[words[1]] = words[2];
        }
        return stats;
    }

    private static List<string> Names(string answer)
    {
        Assert.EndsWith("\r\nEND\r\n", answer, StringComparison.Ordinal);
        var names = new List<string>();
        foreach (string line in answer.Split("\r\n"))
        {
            if (line.StartsWith("STAT ", StringComparison.Ordinal)) names.Add(line.Split(' ')[1]);
        }
        return names;
    }
}
