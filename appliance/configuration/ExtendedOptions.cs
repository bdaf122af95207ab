using System;

namespace Memcachier.Configuration;

/// <summary>The names that memcached 1.6.45 has behind -o, but for those that are followed here.</summary>
internal static class ExtendedOptions
{
    // How its hash table grows, what its size classes, queues and threads do, how large its buffers are, whom it runs
    // as.
    private static ReadOnlySpan<byte> WithoutMeaning =>
        "maxconns_fast,no_maxconns_fast,hashpower,no_hashexpand,hash_algorithm,tail_repair_time,modern,no_modern,"u8 +
        "slab_reassign,no_slab_reassign,slab_automove,no_slab_automove,slab_automove_ratio,slab_automove_window,"u8 +
        "slab_sizes,slab_chunk_max,no_chunked_items,lru_crawler,no_lru_crawler,lru_crawler_sleep,lru_crawler_tocrawl,"u8 +
        "lru_maintainer,no_lru_maintainer,hot_lru_pct,warm_lru_pct,hot_max_factor,warm_max_factor,temporary_ttl,"u8 +
        "inline_ascii_resp,no_inline_ascii_resp,resp_obj_mem_limit,read_buf_mem_limit,"u8 +
        "drop_privileges,no_drop_privileges,relaxed_privileges,sock_cookie_id"u8;

    // TLS, extstore, the proxy.
    private static ReadOnlySpan<byte> NotSupported =>
        "ssl_chain_cert,ssl_key,ssl_verify_mode,ssl_keyformat,ssl_ciphers,ssl_ca_cert,ssl_wbuf_size,"u8 +
        "ssl_session_cache,ssl_kernel_tls,ssl_min_version,"u8 +
        "ext_path,ext_page_size,ext_wbuf_size,ext_threads,ext_io_depth,ext_item_size,ext_item_age,ext_low_ttl,"u8 +
        "ext_recache_rate,ext_compact_under,ext_drop_under,ext_max_sleep,ext_max_frag,ext_drop_unread,"u8 +
        "slab_automove_freeratio,proxy_config,proxy_arg,proxy_uring,proxy_memprofile"u8;

    /// <summary>Why the option of this name is not followed.</summary>
    public static RemarkKind RemarkOn(ReadOnlySpan<byte> name)
    {
        if (Contains(WithoutMeaning, name)) return RemarkKind.HasNoMeaning;
        return Contains(NotSupported, name) ? RemarkKind.NotSupported : RemarkKind.Unknown;
    }

    /// <summary>Whether a name is one of those in a list with commas.</summary>
    private static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        while (list.Length > 0)
        {
            int comma = list.IndexOf((byte)',');
            int end = comma < 0 ? list.Length : comma;
            if (name.SequenceEqual(list.Slice(0, end))) return true;
            list = list.Slice(Math.Min(end + 1, list.Length));
        }
        return false;
    }
}
