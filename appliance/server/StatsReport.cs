using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>
/// The tables of stats: memcached's names in memcached's order, then what is ours with names that say so. Lines are
/// made one at a time, so that the answer may take as long as it likes.
/// </summary>
public sealed partial class StatsReport
{
    private readonly Store _store;
    private readonly ChunkPool _chunks;
    private readonly Statistics _statistics;
    private readonly ServerSettings _settings;
    private readonly Tuning _tuning;
    private readonly PrefixStatistics _prefixes;
    private readonly SingleClass _class;

    public StatsReport(
        Store store,
        ChunkPool chunks,
        Statistics statistics,
        ServerSettings settings,
        Tuning tuning,
        PrefixStatistics prefixes)
    {
        _store = store;
        _chunks = chunks;
        _statistics = statistics;
        _settings = settings;
        _tuning = tuning;
        _prefixes = prefixes;
        _class = new SingleClass(store, statistics);
    }

    /// <summary>
    /// What the word after stats asks for. Some words may be shortened, as in memcached; others may not.
    /// </summary>
    public static bool TryKind(ReadOnlySpan<byte> word, out StatsKind kind)
    {
        kind = StatsKind.General;
        if (word.Length == 0) return true;
        if ("reset"u8.StartsWith(word)) kind = StatsKind.Reset;
        else if ("detail"u8.StartsWith(word)) kind = StatsKind.Detail;
        else if ("settings"u8.StartsWith(word)) kind = StatsKind.Settings;
        else if ("cachedump"u8.StartsWith(word)) kind = StatsKind.Cachedump;
        else if (word.SequenceEqual("items"u8)) kind = StatsKind.Items;
        else if (word.SequenceEqual("slabs"u8)) kind = StatsKind.Slabs;
        else if (word.SequenceEqual("sizes"u8)) kind = StatsKind.Sizes;
        else if (word.Length > 1 && "conns"u8.StartsWith(word)) kind = StatsKind.Conns;
        else return false;
        return true;
    }

    /// <summary>Writes a line of a table; returns its length, or 0 past the last one.</summary>
    /// <param name="index">Where the line is, from 0; then where the next one is.</param>
    public int Format(StatsKind kind, ref int index, Span<byte> line)
    {
        switch (kind)
        {
            case StatsKind.General:
                return General(index++, line);
            case StatsKind.Settings:
                return Settings(index++, line);
            case StatsKind.Items:
                return _statistics.CurrItems > 0 ? Items(index++, line) : 0;
            case StatsKind.Slabs:
                return Slabs(index++, line);
            case StatsKind.Sizes:
                return Sizes(ref index, line);
            case StatsKind.Detail:
                return _prefixes.Format(index++, line);
            case StatsKind.Conns:
                return Connections is null ? 0 : Connections.FormatLine(ref index, line);
            case StatsKind.Cachedump:
            case StatsKind.Reset:
            default:
                return 0;
        }
    }

    /// <summary>stats</summary>
    private int General(int index, Span<byte> line)
    {
        if (TryFormatOfConnections(ref index, line, out int length)) return length;
        Statistics s = _statistics;
        return index switch
        {
            0 => StatLine.Number(line, "pid"u8, 1),
            1 => StatLine.Number(line, "uptime"u8, _store.Lifetime.Uptime),
            2 => StatLine.Number(line, "time"u8, _store.Lifetime.UnixSeconds),
            3 => StatLine.Text(line, "version"u8, ServerVersion.Name),
            4 => StatLine.Text(line, "libevent"u8, "none"u8),
            5 => StatLine.Number(line, "pointer_size"u8, 64),
            6 => StatLine.Seconds(line, "rusage_user"u8, s.BusyMicros),
            7 => StatLine.Seconds(line, "rusage_system"u8, 0),
            8 => StatLine.Number(line, "max_connections"u8, s.MaxConnections),
            9 => StatLine.Number(line, "curr_connections"u8, s.CurrConnections),
            10 => StatLine.Number(line, "total_connections"u8, s.TotalConnections),
            11 => StatLine.Number(line, "rejected_connections"u8, s.RejectedConnections),
            12 => StatLine.Number(line, "connection_structures"u8, s.ConnectionStructures),
            13 => StatLine.Number(line, "response_obj_oom"u8, 0),
            14 => StatLine.Number(line, "response_obj_count"u8, 0),
            15 => StatLine.Number(line, "response_obj_bytes"u8, 0),
            16 => StatLine.Number(line, "read_buf_count"u8, _chunks.Count),
            17 => StatLine.Number(line, "read_buf_bytes"u8, (long)_chunks.Count * _chunks.ChunkSize),
            18 => StatLine.Number(line, "read_buf_bytes_free"u8, (long)_chunks.FreeCount * _chunks.ChunkSize),
            19 => StatLine.Number(line, "read_buf_oom"u8, s.ReadBufOom),
            20 => StatLine.Number(line, "reserved_fds"u8, 0),
            21 => StatLine.Number(line, "cmd_get"u8, s.CmdGet),
            22 => StatLine.Number(line, "cmd_set"u8, s.CmdSet),
            23 => StatLine.Number(line, "cmd_flush"u8, s.CmdFlush),
            24 => StatLine.Number(line, "cmd_touch"u8, s.CmdTouch),
            25 => StatLine.Number(line, "cmd_meta"u8, s.CmdMeta),
            26 => StatLine.Number(line, "get_hits"u8, s.GetHits),
            27 => StatLine.Number(line, "get_misses"u8, s.GetMisses),
            28 => StatLine.Number(line, "get_expired"u8, s.GetExpired),
            29 => StatLine.Number(line, "get_flushed"u8, s.GetFlushed),
            30 => StatLine.Number(line, "delete_misses"u8, s.DeleteMisses),
            31 => StatLine.Number(line, "delete_hits"u8, s.DeleteHits),
            32 => StatLine.Number(line, "incr_misses"u8, s.IncrMisses),
            33 => StatLine.Number(line, "incr_hits"u8, s.IncrHits),
            34 => StatLine.Number(line, "decr_misses"u8, s.DecrMisses),
            35 => StatLine.Number(line, "decr_hits"u8, s.DecrHits),
            36 => StatLine.Number(line, "cas_misses"u8, s.CasMisses),
            37 => StatLine.Number(line, "cas_hits"u8, s.CasHits),
            38 => StatLine.Number(line, "cas_badval"u8, s.CasBadval),
            39 => StatLine.Number(line, "touch_hits"u8, s.TouchHits),
            40 => StatLine.Number(line, "touch_misses"u8, s.TouchMisses),
            41 => StatLine.Number(line, "store_too_large"u8, s.StoreTooLarge),
            42 => StatLine.Number(line, "store_no_memory"u8, s.StoreNoMemory),
            43 => StatLine.Number(line, "auth_cmds"u8, s.AuthCmds),
            44 => StatLine.Number(line, "auth_errors"u8, s.AuthErrors),
            45 => StatLine.Number(line, "bytes_read"u8, s.BytesRead),
            46 => StatLine.Number(line, "bytes_written"u8, s.BytesWritten),
            47 => StatLine.Number(line, "limit_maxbytes"u8, _store.MemoryLimit),
            48 => StatLine.Number(line, "accepting_conns"u8, 1),
            49 => StatLine.Number(line, "listen_disabled_num"u8, 0),
            50 => StatLine.Number(line, "time_in_listen_disabled_us"u8, 0),
            51 => StatLine.Number(line, "threads"u8, s.Threads),
            52 => StatLine.Number(line, "conn_yields"u8, s.ConnYields),
            53 => StatLine.Number(line, "hash_power_level"u8, _store.HashPowerLevel),
            54 => StatLine.Number(line, "hash_bytes"u8, _store.IndexLength),
            55 => StatLine.Number(line, "hash_is_expanding"u8, _store.IsIndexResizing ? 1 : 0),
            56 => StatLine.Number(line, "slab_reassign_rescues"u8, 0),
            57 => StatLine.Number(line, "slab_reassign_chunk_rescues"u8, 0),
            58 => StatLine.Number(line, "slab_reassign_inline_reclaim"u8, 0),
            59 => StatLine.Number(line, "slab_reassign_busy_items"u8, 0),
            60 => StatLine.Number(line, "slab_reassign_busy_deletes"u8, 0),
            61 => StatLine.Number(line, "slab_reassign_busy_nomem"u8, 0),
            62 => StatLine.Number(line, "slab_reassign_last_busy_status"u8, 0),
            63 => StatLine.Number(line, "slab_reassign_running"u8, 0),
            64 => StatLine.Number(line, "slabs_moved"u8, 0),
            65 => StatLine.Number(line, "lru_crawler_running"u8, _store.Crawler.IsRunning ? 1 : 0),
            66 => StatLine.Number(line, "lru_crawler_starts"u8, _store.Crawler.StartCount),
            67 => StatLine.Number(line, "lru_maintainer_juggles"u8, 0),
            68 => StatLine.Number(line, "malloc_fails"u8, 0),
            69 => StatLine.Number(line, "log_worker_dropped"u8, s.LogWorkerDropped),
            70 => StatLine.Number(line, "log_worker_written"u8, s.LogWorkerWritten),
            71 => StatLine.Number(line, "log_watcher_skipped"u8, s.LogWatcherSkipped),
            72 => StatLine.Number(line, "log_watcher_sent"u8, s.LogWatcherSent),
            73 => StatLine.Number(line, "log_watchers"u8, s.LogWatchers),
            74 => StatLine.Number(line, "unexpected_napi_ids"u8, 0),
            75 => StatLine.Number(line, "round_robin_fallback"u8, 0),
            76 => StatLine.Number(line, "bytes"u8, s.Bytes),
            77 => StatLine.Number(line, "curr_items"u8, s.CurrItems),
            78 => StatLine.Number(line, "total_items"u8, s.TotalItems),
            79 => StatLine.Number(line, "slab_global_page_pool"u8, _store.FreeSegmentCount),
            80 => StatLine.Number(line, "expired_unfetched"u8, s.ExpiredUnfetched),
            81 => StatLine.Number(line, "evicted_unfetched"u8, s.EvictedUnfetched),
            82 => StatLine.Number(line, "evicted_active"u8, s.EvictedActive),
            83 => StatLine.Number(line, "evictions"u8, s.Evictions),
            84 => StatLine.Number(line, "reclaimed"u8, s.Reclaimed),
            85 => StatLine.Number(line, "crawler_reclaimed"u8, s.CrawlerReclaimed),
            86 => StatLine.Number(line, "crawler_items_checked"u8, s.CrawlerItemsChecked),
            87 => StatLine.Number(line, "lrutail_reflocked"u8, _store.HeldSegmentsPassed),
            88 => StatLine.Number(line, "moves_to_cold"u8, 0),
            89 => StatLine.Number(line, "moves_to_warm"u8, s.MovesToWarm),
            90 => StatLine.Number(line, "moves_within_lru"u8, s.MovesWithinLru),
            91 => StatLine.Number(line, "direct_reclaims"u8, s.DirectReclaims),
            92 => StatLine.Number(line, "lru_bumps_dropped"u8, 0),
            93 => StatLine.Number(line, "memcachier_items_compacted"u8, s.ItemsCompacted),
            94 => StatLine.Number(line, "memcachier_octets_moved"u8, s.OctetsMoved),
            95 => StatLine.Number(line, "memcachier_evicted_for_index"u8, s.EvictedForIndex),
            96 => StatLine.Number(line, "memcachier_eviction_bytes_walked_max"u8, s.EvictionBytesWalkedMax),
            97 => StatLine.Number(line, "memcachier_eviction_bytes_walked"u8, s.EvictionBytesWalked),
            98 => StatLine.Number(line, "memcachier_evicted_in_haste"u8, s.EvictedInHaste),
            99 => StatLine.Number(line, "memcachier_metadata_bytes"u8, s.MetadataBytes + _store.IndexLength),
            100 => StatLine.Number(line, "memcachier_small_queue_seconds"u8, _store.SmallQueueAge),
            101 => StatLine.Number(line, "memcachier_small_queue_seconds_evicted"u8, s.SmallQueueSeconds),
            102 => StatLine.Number(line, "memcachier_segments_small"u8, _store.SmallSegmentCount),
            103 => StatLine.Number(line, "memcachier_segments_main"u8, _store.MainSegmentCount),
            104 => StatLine.Number(line, "memcachier_ghost_bytes"u8, _store.GhostLength),
            105 => StatLine.Number(line, "memcachier_segment_bytes"u8, _store.SegmentSize),
            106 => StatLine.Number(line, "memcachier_segments"u8, _store.UsedSegmentCount),
            107 => StatLine.Number(line, "memcachier_segments_free"u8, _store.FreeSegmentCount),
            108 => StatLine.Number(line, "memcachier_segments_held"u8, _store.LeasedSegmentCount),
            109 => StatLine.Number(line, "memcachier_leases_broken"u8, _store.BrokenLeaseCount),
            110 => StatLine.Number(line, "memcachier_chunk_bytes"u8, _chunks.ChunkSize),
            111 => StatLine.Number(line, "memcachier_chunks"u8, _chunks.Count),
            112 => StatLine.Number(line, "memcachier_chunks_free"u8, _chunks.FreeCount),
            113 => StatLine.Number(line, "memcachier_chunks_exhausted"u8, _chunks.ExhaustedCount),
            114 => StatLine.Number(line, "memcachier_arena_bytes"u8, s.ArenaBytes),
            115 => StatLine.Number(line, "memcachier_arena_bytes_used"u8, s.ArenaBytesUsed),
            116 => StatLine.Number(line, "memcachier_halts"u8, s.Halts),
            117 => StatLine.Number(line, "memcachier_tcp_retransmissions"u8, s.TcpRetransmissions),
            118 => StatLine.Number(line, "memcachier_tcp_timeouts"u8, s.TcpTimeouts),
            119 => StatLine.Number(line, "memcachier_tcp_resets_sent"u8, s.TcpResetsSent),
            120 => StatLine.Number(line, "memcachier_tcp_resets_received"u8, s.TcpResetsReceived),
            121 => StatLine.Number(line, "memcachier_tcp_malformed"u8, s.TcpMalformed),
            122 => StatLine.Number(line, "memcachier_udp_dropped"u8, s.UdpDropped),
            _ => 0,
        };
    }

    /// <summary>
    /// stats settings: of size classes and threads, which there are not, what was told last or memcached's defaults.
    /// </summary>
    private int Settings(int index, Span<byte> line)
    {
        Statistics s = _statistics;
        byte delimiter = _prefixes.Delimiter;
        return index switch
        {
            0 => StatLine.Number(line, "maxbytes"u8, _store.MemoryLimit),
            1 => StatLine.Number(line, "maxconns"u8, s.MaxConnections),
            2 => StatLine.Number(line, "tcpport"u8, _settings.TcpPort),
            3 => StatLine.Number(line, "udpport"u8, _settings.UdpPort),
            4 => StatLine.Text(line, "inter"u8, "NULL"u8),
            5 => StatLine.Number(line, "verbosity"u8, s.Verbosity),
            6 => StatLine.Number(line, "oldest"u8, _store.Lifetime.OldestLive),
            7 => StatLine.Text(line, "evictions"u8, "on"u8),
            8 => StatLine.Text(line, "domain_socket"u8, "NULL"u8),
            9 => StatLine.Number(line, "umask"u8, 0),
            10 => StatLine.Text(line, "shutdown_command"u8, YesOrNo(_settings.AllowsShutdown)),
            11 => StatLine.Fraction(line, "growth_factor"u8, 1250, 2),
            12 => StatLine.Number(line, "chunk_size"u8, 48),
            13 => StatLine.Number(line, "num_threads"u8, s.Threads),
            14 => StatLine.Number(line, "num_threads_per_udp"u8, _settings.UdpPort != 0 ? 1 : 0),
            15 => StatLine.Text(line, "stat_key_prefix"u8, new ReadOnlySpan<byte>(in delimiter)),
            16 => StatLine.Text(line, "detail_enabled"u8, YesOrNo(_prefixes.IsEnabled)),
            17 => StatLine.Number(line, "reqs_per_event"u8, _settings.RequestsPerTurn),
            18 => StatLine.Text(line, "cas_enabled"u8, YesOrNo(_store.HasCas)),
            19 => StatLine.Number(line, "tcp_backlog"u8, 0),
            20 => StatLine.Text(line, "binding_protocol"u8, _settings.ProtocolName),
            21 => StatLine.Text(line, "auth_enabled_sasl"u8, YesOrNo(_settings.IsSaslEnabled)),
            22 => StatLine.Text(line, "auth_enabled_ascii"u8, YesOrNo(_settings.IsAsciiAuthEnabled)),
            23 => StatLine.Number(line, "item_size_max"u8, _store.ItemSizeMax),
            24 => StatLine.Text(line, "maxconns_fast"u8, "yes"u8),
            25 => StatLine.Number(line, "hashpower_init"u8, _store.HashPowerLevel),
            26 => StatLine.Text(line, "slab_reassign"u8, "yes"u8),
            27 => StatLine.Number(line, "slab_automove"u8, _tuning.SlabAutomove),
            28 => StatLine.Fraction(line, "slab_automove_ratio"u8, _tuning.SlabAutomoveRatio, 2),
            29 => StatLine.Number(line, "slab_automove_window"u8, _tuning.SlabAutomoveWindow),
            30 => StatLine.Number(line, "slab_chunk_max"u8, _store.SegmentSize),
            31 => StatLine.Text(line, "lru_crawler"u8, YesOrNo(_store.Crawler.IsEnabled)),
            32 => StatLine.Number(line, "lru_crawler_sleep"u8, _tuning.CrawlerSleep),
            33 => StatLine.Number(line, "lru_crawler_tocrawl"u8, _store.Crawler.ItemCountMax),
            34 => StatLine.Number(line, "tail_repair_time"u8, 0),
            35 => StatLine.Text(line, "flush_enabled"u8, YesOrNo(!_settings.RefusesFlush)),
            36 => StatLine.Text(line, "dump_enabled"u8, YesOrNo(!_settings.RefusesDumps)),
            37 => StatLine.Text(line, "hash_algorithm"u8, "keyed"u8),
            38 => StatLine.Text(line, "lru_maintainer_thread"u8, "yes"u8),
            39 => StatLine.Text(line, "lru_segmented"u8, YesOrNo(_tuning.IsLruSegmented)),
            40 => StatLine.Number(line, "hot_lru_pct"u8, _tuning.HotLruPercent),
            41 => StatLine.Number(line, "warm_lru_pct"u8, _tuning.WarmLruPercent),
            42 => StatLine.Fraction(line, "hot_max_factor"u8, _tuning.HotMaxFactor, 2),
            43 => StatLine.Fraction(line, "warm_max_factor"u8, _tuning.WarmMaxFactor, 2),
            44 => StatLine.Text(line, "temp_lru"u8, YesOrNo(_tuning.HasTemporaryLru)),
            45 => StatLine.Number(line, "temporary_ttl"u8, _tuning.TemporaryTtl),
            46 => StatLine.Number(line, "idle_timeout"u8, _settings.IdleTimeoutSeconds),
            47 => StatLine.Number(line, "watcher_logbuf_size"u8, _settings.WatcherOutputMax),
            48 => StatLine.Number(line, "worker_logbuf_size"u8, _store.Events?.Length ?? 0),
            49 => StatLine.Number(line, "read_buf_mem_limit"u8, 0),
            50 => StatLine.Text(line, "track_sizes"u8, YesOrNo(_store.Sizes != null)),
            51 => StatLine.Text(line, "inline_ascii_response"u8, "no"u8),
            52 => StatLine.Number(line, "num_napi_ids"u8, 0),
            53 => StatLine.Text(line, "memory_file"u8, "(null)"u8),
            54 => StatLine.Number(line, "client_flags_size"u8, 4),
            55 when _store.Policy == EvictionPolicy.Lru => StatLine.Text(line, "memcachier_eviction"u8, "lru"u8),
            55 => StatLine.Text(line, "memcachier_eviction"u8, "s3fifo"u8),
            _ => 0,
        };
    }

    /// <summary>
    /// stats items: there are no size classes, so all items are in one. The small queue is what memcached calls hot,
    /// the main queue warm; cold, which memcached evicts from, there is none.
    /// </summary>
    private int Items(int index, Span<byte> line)
    {
        Statistics s = _statistics;
        return index switch
        {
            0 => StatLine.Number(line, "items:1:number"u8, s.CurrItems),
            1 => StatLine.Number(line, "items:1:number_hot"u8, _class.HotItems),
            2 => StatLine.Number(line, "items:1:number_warm"u8, _class.WarmItems),
            3 => StatLine.Number(line, "items:1:number_cold"u8, 0),
            4 => StatLine.Number(line, "items:1:age_hot"u8, _class.HotAge),
            5 => StatLine.Number(line, "items:1:age_warm"u8, _class.WarmAge),
            6 => StatLine.Number(line, "items:1:age"u8, _class.Age),
            7 => StatLine.Number(line, "items:1:mem_requested"u8, s.Bytes),
            8 => StatLine.Number(line, "items:1:evicted"u8, s.Evictions),
            9 => StatLine.Number(line, "items:1:evicted_nonzero"u8, s.EvictedNonzero),
            10 => StatLine.Number(line, "items:1:evicted_time"u8, s.EvictedTime),
            11 => StatLine.Number(line, "items:1:outofmemory"u8, s.StoreNoMemory),
            12 => StatLine.Number(line, "items:1:tailrepairs"u8, 0),
            13 => StatLine.Number(line, "items:1:reclaimed"u8, s.Reclaimed),
            14 => StatLine.Number(line, "items:1:expired_unfetched"u8, s.ExpiredUnfetched),
            15 => StatLine.Number(line, "items:1:evicted_unfetched"u8, s.EvictedUnfetched),
            16 => StatLine.Number(line, "items:1:evicted_active"u8, s.EvictedActive),
            17 => StatLine.Number(line, "items:1:crawler_reclaimed"u8, s.CrawlerReclaimed),
            18 => StatLine.Number(line, "items:1:crawler_items_checked"u8, s.CrawlerItemsChecked),
            19 => StatLine.Number(line, "items:1:lrutail_reflocked"u8, _store.HeldSegmentsPassed),
            20 => StatLine.Number(line, "items:1:moves_to_cold"u8, 0),
            21 => StatLine.Number(line, "items:1:moves_to_warm"u8, s.MovesToWarm),
            22 => StatLine.Number(line, "items:1:moves_within_lru"u8, s.MovesWithinLru),
            23 => StatLine.Number(line, "items:1:direct_reclaims"u8, s.DirectReclaims),
            24 => StatLine.Number(line, "items:1:hits_to_hot"u8, _class.HitsToHot),
            25 => StatLine.Number(line, "items:1:hits_to_warm"u8, _class.HitsToWarm),
            26 => StatLine.Number(line, "items:1:hits_to_cold"u8, 0),
            27 => StatLine.Number(line, "items:1:hits_to_temp"u8, 0),
            _ => 0,
        };
    }

    /// <summary>stats slabs: the one class has a chunk per segment.</summary>
    private int Slabs(int index, Span<byte> line)
    {
        Statistics s = _statistics;
        return index switch
        {
            0 => StatLine.Number(line, "1:chunk_size"u8, _class.ChunkSize),
            1 => StatLine.Number(line, "1:chunks_per_page"u8, 1),
            2 => StatLine.Number(line, "1:total_pages"u8, _class.Chunks),
            3 => StatLine.Number(line, "1:total_chunks"u8, _class.Chunks),
            4 => StatLine.Number(line, "1:used_chunks"u8, _class.UsedChunks),
            5 => StatLine.Number(line, "1:free_chunks"u8, _class.FreeChunks),
            6 => StatLine.Number(line, "1:free_chunks_end"u8, 0),
            7 => StatLine.Number(line, "1:get_hits"u8, s.GetHits),
            8 => StatLine.Number(line, "1:cmd_set"u8, s.CmdSet),
            9 => StatLine.Number(line, "1:delete_hits"u8, s.DeleteHits),
            10 => StatLine.Number(line, "1:incr_hits"u8, s.IncrHits),
            11 => StatLine.Number(line, "1:decr_hits"u8, s.DecrHits),
            12 => StatLine.Number(line, "1:cas_hits"u8, s.CasHits),
            13 => StatLine.Number(line, "1:cas_badval"u8, s.CasBadval),
            14 => StatLine.Number(line, "1:touch_hits"u8, s.TouchHits),
            15 => StatLine.Number(line, "active_slabs"u8, 1),
            16 => StatLine.Number(line, "total_malloced"u8, _class.MallocedBytes),
            _ => 0,
        };
    }

    /// <summary>stats sizes: a line for each size of which there are items.</summary>
    /// <param name="position">The smallest size that has not been looked at.</param>
    private int Sizes(ref int position, Span<byte> line)
    {
        if (_store.Sizes == null) return position++ == 0 ? StatLine.Text(line, "sizes_status"u8, "disabled"u8) : 0;
        int size = position;
        bool isFound = _store.Sizes.TryFind(ref size, out uint count);
        position = size + SizeHistogram.Step;
        if (!isFound) return 0;
        Span<byte> name = stackalloc byte[AsciiDecimal.MaxLength];
        return StatLine.Number(line, name.Slice(0, AsciiDecimal.Format((ulong)size, name)), count);
    }

    private static ReadOnlySpan<byte> YesOrNo(bool value) => value ? "yes"u8 : "no"u8;
}
