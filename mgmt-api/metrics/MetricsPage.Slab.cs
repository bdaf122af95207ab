using Memcachier.Cache;
using Memcachier.Server;

namespace Memcachier.Management.Metrics;

/// <summary>What memcached_exporter tells of memcached's size classes, with its names, labels and types.</summary>
public sealed partial class MetricsPage
{
    /// <summary>Of size classes: there is one, see <see cref="SingleClass"/>.</summary>
    private bool TryWriteSlab(int index, ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        return index switch
        {
            0 => w.Gauge("memcached_slab_current_items"u8, "slab=\"1\""u8, "Items of the class."u8, s.CurrItems),
            1 => w.Gauge(
                "memcached_slab_items_age_seconds"u8, "slab=\"1\""u8,
                "Seconds since the oldest item was stored or read."u8, _class.Age),
            2 => w.Counter(
                "memcached_slab_items_crawler_reclaimed_total"u8, "slab=\"1\""u8,
                "Ended items that were found in the background."u8, s.CrawlerReclaimed),
            3 => w.Counter(
                "memcached_slab_items_evicted_total"u8, "slab=\"1\""u8,
                "Items that were alive and had to make room."u8, s.Evictions),
            4 => w.Counter(
                "memcached_slab_items_evicted_nonzero_total"u8, "slab=\"1\""u8,
                "Of those, the ones with an expiry."u8, s.EvictedNonzero),
            5 => w.BareCounter(
                "memcached_slab_items_evicted_time_seconds"u8, "slab=\"1\""u8,
                "Seconds between the last evicted item's last use and its end."u8, s.EvictedTime),
            6 => w.Counter(
                "memcached_slab_items_evicted_unfetched_total"u8, "slab=\"1\""u8,
                "Evicted items that were never read."u8, s.EvictedUnfetched),
            7 => w.Counter(
                "memcached_slab_items_expired_unfetched_total"u8, "slab=\"1\""u8,
                "Expired items that were never read."u8, s.ExpiredUnfetched),
            8 => w.Counter(
                "memcached_slab_items_outofmemory_total"u8, "slab=\"1\""u8,
                "Items refused because no memory could be freed."u8, s.StoreNoMemory),
            9 => w.Counter(
                "memcached_slab_items_reclaimed_total"u8, "slab=\"1\""u8,
                "Ended items whose memory was needed."u8, s.Reclaimed),
            10 => w.Counter(
                "memcached_slab_items_tailrepairs_total"u8, "slab=\"1\""u8,
                "Repairs of a queue: there are none."u8, 0),
            11 => w.BareCounter(
                "memcached_slab_items_moves_to_cold"u8, "slab=\"1\""u8,
                "Items that became cold: there are none."u8, 0),
            12 => w.BareCounter(
                "memcached_slab_items_moves_to_warm"u8, "slab=\"1\""u8,
                "Items that went from the small queue to the main one."u8, s.MovesToWarm),
            13 => w.BareCounter(
                "memcached_slab_items_moves_within_lru"u8, "slab=\"1\""u8,
                "Items that went back to the start of the main queue."u8, s.MovesWithinLru),
            14 => w.Gauge(
                "memcached_slab_hot_items"u8, "slab=\"1\""u8, "Items in the small queue."u8, _class.HotItems),
            15 => w.Gauge(
                "memcached_slab_warm_items"u8, "slab=\"1\""u8, "Items in the main queue."u8, _class.WarmItems),
            16 => w.Gauge("memcached_slab_cold_items"u8, "slab=\"1\""u8, "Items in a cold queue: there is none."u8, 0),
            17 => w.Gauge(
                "memcached_slab_hot_age_seconds"u8, "slab=\"1\""u8,
                "Seconds since the oldest item of the small queue was used."u8, _class.HotAge),
            18 => w.Gauge(
                "memcached_slab_warm_age_seconds"u8, "slab=\"1\""u8,
                "Seconds since the oldest item of the main queue was used."u8, _class.WarmAge),
            19 => SlabHits(ref w),
            20 => w.Gauge(
                "memcached_slab_chunk_size_bytes"u8, "slab=\"1\""u8, "Bytes of a segment."u8, _class.ChunkSize),
            21 => w.Gauge(
                "memcached_slab_chunks_per_page"u8, "slab=\"1\""u8,
                "Chunks of a page: a segment is both."u8, SingleClass.ChunksPerPage),
            22 => w.Gauge("memcached_slab_current_pages"u8, "slab=\"1\""u8, "Segments in use."u8, _class.Chunks),
            23 => w.Gauge("memcached_slab_current_chunks"u8, "slab=\"1\""u8, "Segments in use."u8, _class.Chunks),
            24 => w.Gauge(
                "memcached_slab_chunks_used"u8, "slab=\"1\""u8, "Segments that are not free."u8, _class.UsedChunks),
            25 => w.Gauge(
                "memcached_slab_chunks_free"u8, "slab=\"1\""u8, "Segments that are free."u8, _class.FreeChunks),
            26 => w.Gauge(
                "memcached_slab_chunks_free_end"u8, "slab=\"1\""u8,
                "Free chunks at the end of the last page: none."u8, 0),
            27 => w.BareCounter(
                "memcached_slab_mem_requested_bytes"u8, "slab=\"1\""u8,
                "Bytes of the items, as memcached counts them."u8, s.Bytes),
            28 => SlabCommands(ref w),
            _ => false,
        };
    }

    private bool SlabHits(ref MetricsWriter w)
    {
        w.Begin(MetricType.Counter, "memcached_slab_lru_hits_total"u8, "Reads that found an item, by its queue."u8);
        w.Sample("slab=\"1\",lru=\"hot\""u8, _class.HitsToHot);
        w.Sample("slab=\"1\",lru=\"warm\""u8, _class.HitsToWarm);
        w.Sample("slab=\"1\",lru=\"cold\""u8, 0);
        w.Sample("slab=\"1\",lru=\"temporary\""u8, 0);
        return true;
    }

    private bool SlabCommands(ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        w.Begin(
            MetricType.Counter, "memcached_slab_commands_total"u8,
            "Commands by what they are and how they ended, for the class."u8);
        w.Sample("slab=\"1\",command=\"get\",status=\"hit\""u8, s.GetHits);
        w.Sample("slab=\"1\",command=\"delete\",status=\"hit\""u8, s.DeleteHits);
        w.Sample("slab=\"1\",command=\"incr\",status=\"hit\""u8, s.IncrHits);
        w.Sample("slab=\"1\",command=\"decr\",status=\"hit\""u8, s.DecrHits);
        w.Sample("slab=\"1\",command=\"cas\",status=\"hit\""u8, s.CasHits);
        w.Sample("slab=\"1\",command=\"touch\",status=\"hit\""u8, s.TouchHits);
        w.Sample("slab=\"1\",command=\"cas\",status=\"badval\""u8, s.CasBadval);
        w.Sample("slab=\"1\",command=\"set\",status=\"hit\""u8, s.CmdSet - s.CasHits - s.CasBadval);
        return true;
    }
}
