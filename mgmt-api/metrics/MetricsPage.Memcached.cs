using Memcachier.Cache;
using Memcachier.Server;

namespace Memcachier.Management.Metrics;

/// <summary>What memcached_exporter tells of a memcached, with its names, labels and types.</summary>
public sealed partial class MetricsPage
{
    /// <summary>What it knows of the server as a whole.</summary>
    private bool TryWriteServer(int index, ref MetricsWriter w)
    {
        Store store = _sources.Store;
        Statistics s = _sources.Statistics;
        return index switch
        {
            0 => w.Gauge("memcached_up"u8, "Whether the server answers: it made this."u8, 1),
            1 => w.BareCounter(
                "memcached_uptime_seconds"u8, "Seconds since the server started."u8, store.Lifetime.Uptime),
            2 => w.Gauge(
                "memcached_time_seconds"u8,
                "The server's clock, in seconds since 1970 UTC."u8, store.Lifetime.UnixSeconds),
            3 => Version(ref w),
            4 => w.CounterSeconds(
                "memcached_process_user_cpu_seconds_total"u8,
                "Processor time: all that was not spent halted."u8, s.BusyMicros),
            5 => w.CounterSeconds(
                "memcached_process_system_cpu_seconds_total"u8,
                "Processor time of a system, which there is none."u8, 0),
            6 => w.CounterSeconds(
                "memcached_process_cpu_seconds_total"u8, "Processor time, user and system."u8, s.BusyMicros),
            7 => w.Gauge(
                "memcached_process_start_time_seconds"u8,
                "When the server started, in seconds since 1970 UTC."u8, BootTime),
            8 => w.Gauge(
                "memcached_process_resident_memory_bytes"u8,
                "Memory that the server has: all of the machine's."u8, _facts.RamBytes),
            9 => w.Counter("memcached_read_bytes_total"u8, "Bytes of requests taken from connections."u8, s.BytesRead),
            10 => w.Counter(
                "memcached_written_bytes_total"u8, "Bytes of answers given to connections."u8, s.BytesWritten),
            11 => w.Gauge("memcached_current_connections"u8, "Connections that are open now."u8, s.CurrConnections),
            12 => w.Gauge(
                "memcached_max_connections"u8, "Connections that may be open at a time."u8, s.MaxConnections),
            13 => w.Counter("memcached_connections_total"u8, "Connections that were opened."u8, s.TotalConnections),
            14 => w.Counter(
                "memcached_connections_rejected_total"u8,
                "Connections that were told that there are too many."u8, s.RejectedConnections),
            15 => w.Counter(
                "memcached_connections_yielded_total"u8,
                "How often a connection waited for its next turn."u8, s.ConnYields),
            16 => w.Counter(
                "memcached_connections_listener_disabled_total"u8,
                "How often no connections were accepted: never."u8, 0),
            17 => w.Gauge("memcached_accepting_connections"u8, "Whether connections are accepted."u8, 1),
            18 => w.Gauge("memcached_current_bytes"u8, "Bytes of the items, as memcached counts them."u8, s.Bytes),
            19 => w.Gauge("memcached_limit_bytes"u8, "Bytes that items and index may take."u8, store.MemoryLimit),
            20 => w.Gauge("memcached_malloced_bytes"u8, "Bytes of all segments in use."u8, _class.MallocedBytes),
            21 => w.Gauge("memcached_current_items"u8, "Items that are stored now."u8, s.CurrItems),
            22 => w.Counter("memcached_items_total"u8, "Items that were stored."u8, s.TotalItems),
            23 => w.Counter(
                "memcached_items_evicted_total"u8, "Items that were alive and had to make room."u8, s.Evictions),
            24 => w.Counter(
                "memcached_items_reclaimed_total"u8, "Ended items whose memory was needed."u8, s.Reclaimed),
            25 => w.Counter(
                "memcached_item_too_large_total"u8, "Items refused because they are too large."u8, s.StoreTooLarge),
            26 => w.Counter(
                "memcached_item_no_memory_total"u8,
                "Items refused because no memory could be freed."u8, s.StoreNoMemory),
            27 => w.Counter(
                "memcached_direct_reclaims_total"u8,
                "How often a request freed memory before it could store."u8, s.DirectReclaims),
            _ => false,
        };
    }

    private static bool Version(ref MetricsWriter w)
    {
        w.Begin(MetricType.Gauge, "memcached_version"u8, "The version that the server says it is."u8);
        w.BeginSample();
        w.Label("version"u8, ServerVersion.Name);
        w.EndSample(1);
        return true;
    }

    /// <summary>Commands: one family.</summary>
    private bool TryWriteCommands(int index, ref MetricsWriter w) => index == 0 && CommandsTotal(ref w);

    private bool CommandsTotal(ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        // memcached counts a cas as a set too.
        w.Begin(MetricType.Counter, "memcached_commands_total"u8, "Commands by what they are and how they ended."u8);
        w.Sample("command=\"get\",status=\"hit\""u8, s.GetHits);
        w.Sample("command=\"get\",status=\"miss\""u8, s.GetMisses);
        w.Sample("command=\"delete\",status=\"hit\""u8, s.DeleteHits);
        w.Sample("command=\"delete\",status=\"miss\""u8, s.DeleteMisses);
        w.Sample("command=\"incr\",status=\"hit\""u8, s.IncrHits);
        w.Sample("command=\"incr\",status=\"miss\""u8, s.IncrMisses);
        w.Sample("command=\"decr\",status=\"hit\""u8, s.DecrHits);
        w.Sample("command=\"decr\",status=\"miss\""u8, s.DecrMisses);
        w.Sample("command=\"cas\",status=\"hit\""u8, s.CasHits);
        w.Sample("command=\"cas\",status=\"miss\""u8, s.CasMisses);
        w.Sample("command=\"touch\",status=\"hit\""u8, s.TouchHits);
        w.Sample("command=\"touch\",status=\"miss\""u8, s.TouchMisses);
        w.Sample("command=\"cas\",status=\"badval\""u8, s.CasBadval);
        w.Sample("command=\"flush\",status=\"hit\""u8, s.CmdFlush);
        w.Sample("command=\"set\",status=\"hit\""u8, s.CmdSet - s.CasMisses - s.CasHits - s.CasBadval);
        return true;
    }

    /// <summary>Of the crawler and of what memcached names after its queues.</summary>
    private bool TryWriteCrawler(int index, ref MetricsWriter w)
    {
        Store store = _sources.Store;
        Tuning tuning = _sources.Tuning;
        Statistics s = _sources.Statistics;
        return index switch
        {
            0 => w.Gauge(
                "memcached_lru_crawler_enabled"u8,
                "Whether the crawler looks for what has expired."u8, store.Crawler.IsEnabled ? 1 : 0),
            1 => w.Gauge(
                "memcached_lru_crawler_sleep"u8,
                "Microseconds between items, as told; without effect."u8, tuning.CrawlerSleep),
            2 => w.Gauge(
                "memcached_lru_crawler_to_crawl"u8,
                "Items that a walk looks at, 0 for all."u8, store.Crawler.ItemCountMax),
            3 => w.Gauge(
                "memcached_lru_crawler_maintainer_thread"u8, "Whether queues are maintained in the background."u8, 1),
            4 => w.Gauge(
                "memcached_lru_crawler_hot_percent"u8,
                "Share of hot items, as told; without effect."u8, tuning.HotLruPercent),
            5 => w.Gauge(
                "memcached_lru_crawler_warm_percent"u8,
                "Share of warm items, as told; without effect."u8, tuning.WarmLruPercent),
            6 => w.GaugeThousandths(
                "memcached_lru_crawler_hot_max_factor"u8,
                "Age of hot items, as told; without effect."u8, tuning.HotMaxFactor),
            7 => w.GaugeThousandths(
                "memcached_lru_crawler_warm_max_factor"u8,
                "Age of warm items, as told; without effect."u8, tuning.WarmMaxFactor),
            8 => w.Counter(
                "memcached_lru_crawler_starts_total"u8, "Walks of the crawler."u8, store.Crawler.StartCount),
            9 => w.Counter(
                "memcached_lru_crawler_reclaimed_total"u8,
                "Ended items that were found in the background."u8, s.CrawlerReclaimed),
            10 => w.Counter(
                "memcached_lru_crawler_items_checked_total"u8,
                "Items looked at in the background."u8, s.CrawlerItemsChecked),
            11 => w.Counter(
                "memcached_lru_crawler_moves_to_cold_total"u8, "Items that became cold: there are none."u8, 0),
            12 => w.Counter(
                "memcached_lru_crawler_moves_to_warm_total"u8,
                "Items that went from the small queue to the main one."u8, s.MovesToWarm),
            13 => w.Counter(
                "memcached_lru_crawler_moves_within_lru_total"u8,
                "Items that went back to the start of the main queue."u8, s.MovesWithinLru),
            _ => false,
        };
    }
}
