using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>
/// The page has what memcached_exporter would make of our answers to stats: its own rules, applied to those answers,
/// give the same samples and types.
/// </summary>
public sealed class ExporterTests
{
    private const string Commands =
        "set a 0 0 5\r\nhello\r\nset b 0 0 3\r\n123\r\nget a\r\nget a b c\r\ngets a\r\ndelete z\r\nincr b 3\r\nincr z 1\r\n" +
        "decr b 1\r\ndecr z 1\r\ntouch a 100\r\ntouch z 1\r\ncas a 0 0 1 999999\r\nx\r\ncas z 0 0 1 1\r\nx\r\ndelete a\r\n" +
        "set a 0 0 5\r\nhello\r\nset big 0 0 999999\r\nflush_all 99999\r\nlru tune 10 25 0.1 2.0\r\nmg a v\r\n";

    // name, type, name in stats
    private static readonly (string Name, string Type, string Stat)[] s_general =
    [
        ("uptime_seconds", "counter", "uptime"),
        ("time_seconds", "gauge", "time"),
        ("process_user_cpu_seconds_total", "counter", "rusage_user"),
        ("process_system_cpu_seconds_total", "counter", "rusage_system"),
        ("current_bytes", "gauge", "bytes"),
        ("limit_bytes", "gauge", "limit_maxbytes"),
        ("current_items", "gauge", "curr_items"),
        ("items_total", "counter", "total_items"),
        ("read_bytes_total", "counter", "bytes_read"),
        ("written_bytes_total", "counter", "bytes_written"),
        ("current_connections", "gauge", "curr_connections"),
        ("connections_total", "counter", "total_connections"),
        ("connections_rejected_total", "counter", "rejected_connections"),
        ("connections_yielded_total", "counter", "conn_yields"),
        ("connections_listener_disabled_total", "counter", "listen_disabled_num"),
        ("items_evicted_total", "counter", "evictions"),
        ("items_reclaimed_total", "counter", "reclaimed"),
        ("item_too_large_total", "counter", "store_too_large"),
        ("item_no_memory_total", "counter", "store_no_memory"),
        ("lru_crawler_starts_total", "counter", "lru_crawler_starts"),
        ("direct_reclaims_total", "counter", "direct_reclaims"),
        ("lru_crawler_items_checked_total", "counter", "crawler_items_checked"),
        ("lru_crawler_reclaimed_total", "counter", "crawler_reclaimed"),
        ("lru_crawler_moves_to_cold_total", "counter", "moves_to_cold"),
        ("lru_crawler_moves_to_warm_total", "counter", "moves_to_warm"),
        ("lru_crawler_moves_within_lru_total", "counter", "moves_within_lru"),
        ("malloced_bytes", "gauge", "total_malloced"),
        ("accepting_connections", "gauge", "accepting_conns"),
        ("max_connections", "gauge", "maxconns"),
        ("lru_crawler_enabled", "gauge", "lru_crawler"),
        ("lru_crawler_sleep", "gauge", "lru_crawler_sleep"),
        ("lru_crawler_to_crawl", "gauge", "lru_crawler_tocrawl"),
        ("lru_crawler_maintainer_thread", "gauge", "lru_maintainer_thread"),
        ("lru_crawler_hot_percent", "gauge", "hot_lru_pct"),
        ("lru_crawler_warm_percent", "gauge", "warm_lru_pct"),
        ("lru_crawler_hot_max_factor", "gauge", "hot_max_factor"),
        ("lru_crawler_warm_max_factor", "gauge", "warm_max_factor"),
    ];

    // name, type, name in stats items or stats slabs
    private static readonly (string Name, string Type, string Stat)[] s_slab =
    [
        ("current_items", "gauge", "number"),
        ("items_age_seconds", "gauge", "age"),
        ("items_crawler_reclaimed_total", "counter", "crawler_reclaimed"),
        ("items_evicted_total", "counter", "evicted"),
        ("items_evicted_nonzero_total", "counter", "evicted_nonzero"),
        ("items_evicted_time_seconds", "counter", "evicted_time"),
        ("items_evicted_unfetched_total", "counter", "evicted_unfetched"),
        ("items_expired_unfetched_total", "counter", "expired_unfetched"),
        ("items_outofmemory_total", "counter", "outofmemory"),
        ("items_reclaimed_total", "counter", "reclaimed"),
        ("items_tailrepairs_total", "counter", "tailrepairs"),
        ("mem_requested_bytes", "counter", "mem_requested"),
        ("items_moves_to_cold", "counter", "moves_to_cold"),
        ("items_moves_to_warm", "counter", "moves_to_warm"),
        ("items_moves_within_lru", "counter", "moves_within_lru"),
        ("hot_items", "gauge", "number_hot"),
        ("warm_items", "gauge", "number_warm"),
        ("cold_items", "gauge", "number_cold"),
        ("hot_age_seconds", "gauge", "age_hot"),
        ("warm_age_seconds", "gauge", "age_warm"),
        ("chunk_size_bytes", "gauge", "chunk_size"),
        ("chunks_per_page", "gauge", "chunks_per_page"),
        ("current_pages", "gauge", "total_pages"),
        ("current_chunks", "gauge", "total_chunks"),
        ("chunks_used", "gauge", "used_chunks"),
        ("chunks_free", "gauge", "free_chunks"),
        ("chunks_free_end", "gauge", "free_chunks_end"),
    ];

    private static readonly string[] s_operations = ["get", "delete", "incr", "decr", "cas", "touch"];

    // With --memcached.pid-file, the exporter reads these from the system instead.
    private static readonly string[] s_ofTheSystem =
        ["process_cpu_seconds_total", "process_start_time_seconds", "process_resident_memory_bytes"];

    [Fact]
    public void The_page_is_what_memcached_exporter_would_make_of_stats()
    {
        var world = new MetricsWorld();
        world.Statistics.BusyMicros = 12_345_678;
        world.Statistics.MaxConnections = 99;
        _ = world.Ask(Commands);
        world.Store.Tick(5_000_000, MetricsWorld.UnixStart + 5);
        // What stats counts of itself is in the page, too.
        Dictionary<string, string> general = Stats(world, "stats"), settings = Stats(world, "stats settings");
        Dictionary<string, string> items = Stats(world, "stats items"), slabs = Stats(world, "stats slabs");
        general["total_malloced"] = slabs["total_malloced"];
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["memcached_up"] = "gauge 1",
            [$"memcached_version{{version={general["version"]}}}"] = "gauge 1",
        };
        foreach ((string name, string type, string stat) in s_general)
            expected.Add("memcached_" + name, $"{type} {Number(general.GetValueOrDefault(stat) ?? settings[stat])}");
        foreach ((string name, string type, string stat) in s_slab)
        {
            string value = items.GetValueOrDefault("items:1:" + stat) ?? slabs["1:" + stat];
            expected.Add($"memcached_slab_{name}{{slab=1}}", $"{type} {Number(value)}");
        }
        foreach (string lru in (string[])["hot", "warm", "cold", "temporary"])
        {
            string stat = "items:1:hits_to_" + (lru == "temporary" ? "temp" : lru);
            expected.Add($"memcached_slab_lru_hits_total{{slab=1,lru={lru}}}", "counter " + items[stat]);
        }
        AddCommands(expected, general, slabs);

        var actual = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Family family in TextParser.Parse(world.Read(MetricsFormat.Text)))
        {
            if (!family.Name.StartsWith("memcached_", StringComparison.Ordinal)) continue;
            if (s_ofTheSystem.Contains(family.Name["memcached_".Length..])) continue;
            foreach (Sample sample in family.Samples) actual.Add(sample.Series, $"{family.Type} {Number(sample.Value)}");
        }
        Assert.Equal(expected, actual);
        // It means something only if things have happened.
        Assert.True(actual.Values.Distinct().Count() > 20);
    }

    private static void AddCommands(
        SortedDictionary<string, string> expected, Dictionary<string, string> general, Dictionary<string, string> slabs)
    {
        foreach (string operation in s_operations)
        {
            Add($"command={operation},status=hit", general[operation + "_hits"], slabs["1:" + operation + "_hits"]);
            Add($"command={operation},status=miss", general[operation + "_misses"], null);
        }
        Add("command=cas,status=badval", general["cas_badval"], slabs["1:cas_badval"]);
        Add("command=flush,status=hit", general["cmd_flush"], null);
        long set = Long(general, "cmd_set") - Long(general, "cas_misses");
        set -= Long(general, "cas_hits") + Long(general, "cas_badval");
        long slabSet = Long(slabs, "1:cmd_set") - Long(slabs, "1:cas_hits") - Long(slabs, "1:cas_badval");
        Add("command=set,status=hit", Text(set), Text(slabSet));

        void Add(string labels, string value, string? slabValue)
        {
            expected.Add($"memcached_commands_total{{{labels}}}", "counter " + value);
            if (slabValue != null) expected.Add($"memcached_slab_commands_total{{slab=1,{labels}}}", "counter " + slabValue);
        }
    }

    private static Dictionary<string, string> Stats(MetricsWorld world, string command) => world.Ask(command + "\r\n")
        .Split("\r\n")
        .Where(line => line.StartsWith("STAT ", StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[1], words => words[2]);

    private static long Long(Dictionary<string, string> stats, string name) =>
        long.Parse(stats[name], CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(string text) => text switch
    {
        "yes" => "1",
        "no" => "0",
        _ => double.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };
}
