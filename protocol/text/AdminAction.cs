namespace Memcachier.Protocol.Text;

/// <summary>What an administrative command line asks for.</summary>
public enum AdminAction : byte
{
    /// <summary>slabs reassign SOURCE DESTINATION</summary>
    SlabsReassign,

    /// <summary>slabs automove 0|1|2</summary>
    SlabsAutomove,

    /// <summary>slabs automove ratio FRACTION</summary>
    SlabsAutomoveRatio,

    /// <summary>slabs automove freeratio FRACTION</summary>
    SlabsAutomoveFreeratio,

    /// <summary>slabs automove window COUNT</summary>
    SlabsAutomoveWindow,

    /// <summary>lru tune HOT WARM HOT-FACTOR WARM-FACTOR</summary>
    LruTune,

    /// <summary>lru mode flat</summary>
    LruModeFlat,

    /// <summary>lru mode segmented</summary>
    LruModeSegmented,

    /// <summary>lru temp_ttl SECONDS</summary>
    LruTempTtl,

    /// <summary>lru_crawler crawl CLASS,...|all</summary>
    Crawl,

    /// <summary>lru_crawler metadump CLASS,...|all|hash</summary>
    Metadump,

    /// <summary>lru_crawler mgdump CLASS,...|all|hash</summary>
    Mgdump,

    /// <summary>lru_crawler tocrawl COUNT</summary>
    CrawlerTocrawl,

    /// <summary>lru_crawler sleep MICROSECONDS</summary>
    CrawlerSleep,

    /// <summary>lru_crawler enable</summary>
    CrawlerEnable,

    /// <summary>lru_crawler disable</summary>
    CrawlerDisable,

    /// <summary>cache_memlimit MEGABYTES</summary>
    MemoryLimit,
}
