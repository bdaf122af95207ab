using Memcachier.Cache;

namespace Memcachier.Management.Metrics;

/// <summary>The store and its sessions.</summary>
public sealed partial class MetricsPage
{
    /// <summary>The store.</summary>
    private bool TryWriteStore(int index, ref MetricsWriter w)
    {
        Store store = _sources.Store;
        Statistics s = _sources.Statistics;
        return index switch
        {
            0 => w.Gauge(
                "memcachier_store_memory_bytes"u8,
                "Memory of the store, whether it may use it or not."u8, store.MemoryLength),
            1 => w.Gauge("memcachier_segment_size_bytes"u8, "Bytes of a segment."u8, store.SegmentSize),
            2 => Segments(ref w),
            3 => w.Gauge(
                "memcachier_segments_held"u8, "Segments that somebody still reads from."u8, store.LeasedSegmentCount),
            4 => w.Counter(
                "memcachier_segments_passed_over_total"u8,
                "How often eviction passed over a segment because it was held."u8, store.HeldSegmentsPassed),
            5 => w.Counter(
                "memcachier_leases_broken_total"u8,
                "Answers that lost their value because memory was short."u8, store.BrokenLeaseCount),
            6 => w.Gauge("memcachier_index_slots"u8, "Items that the index has room for."u8, store.IndexSlotCount),
            7 => w.Gauge("memcachier_index_items"u8, "Items in the index, ended ones too."u8, store.IndexItemCount),
            8 => w.Gauge(
                "memcachier_index_resizing"u8,
                "Whether the index is changing its size."u8, store.IsIndexResizing ? 1 : 0),
            9 => Metadata(ref w),
            10 => Evictions(ref w),
            11 => EvictedItems(ref w),
            12 => EvictionAge(ref w),
            13 => w.Gauge(
                "memcachier_small_queue_seconds"u8,
                "Nothing that is alive leaves the small queue earlier."u8, store.SmallQueueAge),
            14 => Moves(ref w),
            15 => w.Counter("memcachier_moved_bytes_total"u8, "Bytes of those."u8, s.OctetsMoved),
            16 => w.Counter(
                "memcachier_eviction_walked_bytes_total"u8,
                "Bytes of segments that eviction looked through."u8, s.EvictionBytesWalked),
            17 => w.Gauge(
                "memcachier_eviction_walked_max_bytes"u8,
                "The most of it that one request had to wait for."u8, s.EvictionBytesWalkedMax),
            18 => w.Counter(
                "memcachier_eviction_walked_items_total"u8, "Items that eviction looked at."u8, s.ItemsWalked),
            19 => Ended(ref w),
            20 => Misses(ref w),
            21 => w.Counter(
                "memcachier_joined_bytes_total"u8,
                "Bytes of values copied by append and prepend."u8, store.JoinedOctetCount),
            22 => Copies(ref w),
            23 => w.Counter("memcachier_operations_total"u8, "Operations on keys."u8, s.Operations),
            _ => false,
        };
    }

    private bool Segments(ref MetricsWriter w)
    {
        Store store = _sources.Store;
        // Open ones, those of the index, those on their way to being free.
        int full = store.SmallSegmentCount + store.MainSegmentCount;
        int others = store.UsedSegmentCount - store.FreeSegmentCount - full;
        w.Begin(MetricType.Gauge, "memcachier_segments"u8, "Segments by what they are."u8);
        w.Sample("state=\"free\""u8, store.FreeSegmentCount);
        w.Sample("state=\"small\""u8, store.SmallSegmentCount);
        w.Sample("state=\"main\""u8, store.MainSegmentCount);
        w.Sample("state=\"other\""u8, others);
        w.Sample("state=\"withheld\""u8, store.SegmentCount - store.UsedSegmentCount);
        return true;
    }

    private bool Metadata(ref MetricsWriter w)
    {
        w.Begin(MetricType.Gauge, "memcachier_metadata_bytes"u8, "Bytes that are neither keys nor values."u8);
        w.Sample("part=\"items\""u8, _sources.Statistics.MetadataBytes);
        w.Sample("part=\"index\""u8, _sources.Store.IndexLength);
        w.Sample("part=\"ghosts\""u8, _sources.Store.GhostLength);
        return true;
    }

    private bool Evictions(ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        w.Begin(
            MetricType.Counter, "memcachier_evictions_total"u8,
            "Items that were alive and had to go, by why: for room, in haste, or for the index."u8);
        w.Sample("reason=\"room\""u8, s.Evictions - s.EvictedInHaste - s.EvictedForIndex);
        w.Sample("reason=\"haste\""u8, s.EvictedInHaste);
        w.Sample("reason=\"index\""u8, s.EvictedForIndex);
        return true;
    }

    private bool EvictedItems(ref MetricsWriter w)
    {
        w.Begin(
            MetricType.Counter, "memcachier_evicted_items_total"u8,
            "Items that were alive and had to go, by whether they were ever read."u8);
        w.Sample("read=\"yes\""u8, _sources.Statistics.EvictedActive);
        w.Sample("read=\"no\""u8, _sources.Statistics.EvictedUnfetched);
        return true;
    }

    private bool EvictionAge(ref MetricsWriter w)
    {
        w.Begin(
            MetricType.Gauge, "memcachier_eviction_age_seconds"u8,
            "At the last eviction: since the item was used, since the small queue's oldest segment was begun."u8);
        w.Sample("since=\"item_used\""u8, _sources.Statistics.EvictedTime);
        w.Sample("since=\"segment_begun\""u8, _sources.Statistics.SmallQueueSeconds);
        return true;
    }

    private bool Moves(ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        w.Begin(
            MetricType.Counter, "memcachier_items_moved_total"u8,
            "Items copied instead of evicted, by where to."u8);
        w.Sample("to=\"main\""u8, s.MovesToWarm);
        w.Sample("to=\"main_again\""u8, s.MovesWithinLru);
        w.Sample("to=\"dense\""u8, s.ItemsCompacted);
        return true;
    }

    private bool Ended(ref MetricsWriter w)
    {
        w.Begin(
            MetricType.Counter, "memcachier_ended_items_total"u8,
            "Expired and flushed items that were removed, by who met them: eviction or the crawler."u8);
        w.Sample("by=\"eviction\""u8, _sources.Statistics.Reclaimed);
        w.Sample("by=\"crawler\""u8, _sources.Statistics.CrawlerReclaimed);
        return true;
    }

    private bool Misses(ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        w.Begin(MetricType.Counter, "memcachier_get_misses_total"u8, "Reads in vain, by why."u8);
        w.Sample("reason=\"absent\""u8, s.GetMisses - s.GetExpired - s.GetFlushed);
        w.Sample("reason=\"expired\""u8, s.GetExpired);
        w.Sample("reason=\"flushed\""u8, s.GetFlushed);
        return true;
    }

    private bool Copies(ref MetricsWriter w)
    {
        w.Begin(
            MetricType.Counter, "memcachier_copied_bytes_total"u8,
            "Bytes copied into chunks and out of them, and those of values copied into the store."u8);
        w.Sample("copy=\"into_chunk\""u8, _sources.Chunks.OctetsIn);
        w.Sample("copy=\"out_of_chunk\""u8, _sources.Chunks.OctetsOut);
        w.Sample("copy=\"into_store\""u8, _sources.Store.FilledOctetCount);
        return true;
    }

    /// <summary>Connections and those who speak over them.</summary>
    private bool TryWriteSessions(int index, ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        return index switch
        {
            0 => w.Counter("memcachier_meta_commands_total"u8, "Meta commands."u8, s.CmdMeta),
            1 => w.Counter("memcachier_logins_total"u8, "Logins, those that failed too."u8, s.AuthCmds),
            2 => w.Counter("memcachier_logins_failed_total"u8, "Logins that failed."u8, s.AuthErrors),
            3 => w.Gauge(
                "memcachier_connection_structures"u8,
                "Connections that there is room for, with those that are refused."u8, s.ConnectionStructures),
            4 => w.Counter(
                "memcachier_idle_kicks_total"u8,
                "Connections closed because they were silent for too long."u8, s.IdleKicks),
            5 => w.Counter(
                "memcachier_input_refused_total"u8,
                "Requests refused because no chunk was left to keep them."u8, s.ReadBufOom),
            6 => w.Gauge(
                "memcachier_verbosity"u8, "What clients have set as verbosity; without effect."u8, s.Verbosity),
            7 => w.Gauge("memcachier_watchers"u8, "Connections that watch."u8, s.LogWatchers),
            8 => WatchLines(ref w),
            9 => w.Counter(
                "memcachier_udp_requests_dropped_total"u8, "Requests by UDP that were dropped."u8, s.UdpDropped),
            _ => false,
        };
    }

    private bool WatchLines(ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        w.Begin(
            MetricType.Counter, "memcachier_watch_lines_total"u8,
            "Lines for those who watch, by what became of them."u8);
        w.Sample("fate=\"written\""u8, s.LogWorkerWritten);
        w.Sample("fate=\"dropped\""u8, s.LogWorkerDropped);
        w.Sample("fate=\"sent\""u8, s.LogWatcherSent);
        w.Sample("fate=\"skipped\""u8, s.LogWatcherSkipped);
        return true;
    }
}
