using System;
using Memcachier.Cache;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>What fits in one piece: status, version, memory.</summary>
internal static class StatusResource
{
    /// <summary>/api/v1/version</summary>
    public static void WriteVersion(ref JsonWriter json)
    {
        json.BeginObject();
        json.Member("version"u8, ServerVersion.Name);
        json.EndObject();
    }

    /// <summary>/api/v1/status</summary>
    public static void WriteStatus(ref JsonWriter json, ApiSources sources, DrainState drain)
    {
        Statistics s = sources.Statistics;
        Store store = sources.Store;
        json.BeginObject();
        json.Member("state"u8, StateOf(sources, drain));
        json.Member("version"u8, ServerVersion.Name);
        json.Member("uptime_seconds"u8, store.Lifetime.Uptime);
        json.Member("unix_time"u8, store.Lifetime.UnixSeconds);
        json.Member("threads"u8, s.Threads);
        json.Member("curr_connections"u8, s.CurrConnections);
        json.Member("max_connections"u8, s.MaxConnections);
        json.Member("curr_items"u8, s.CurrItems);
        json.Member("bytes"u8, s.Bytes);
        json.Member("limit_maxbytes"u8, store.MemoryLimit);
        json.Member("cmd_get"u8, s.CmdGet);
        json.Member("cmd_set"u8, s.CmdSet);
        json.Member("get_hits"u8, s.GetHits);
        json.Member("get_misses"u8, s.GetMisses);
        json.Member("evictions"u8, s.Evictions);
        json.EndObject();
    }

    /// <summary>/api/v1/memory: what the machine's memory was divided into, in bytes.</summary>
    public static void WriteMemory(ref JsonWriter json, ApiSources sources)
    {
        Statistics s = sources.Statistics;
        Store store = sources.Store;
        json.BeginObject();
        json.Name("arena"u8);
        json.BeginObject();
        json.Member("bytes"u8, s.ArenaBytes);
        json.Member("used_bytes"u8, s.ArenaBytesUsed);
        json.EndObject();
        json.Name("store"u8);
        json.BeginObject();
        json.Member("bytes"u8, store.MemoryLength);
        json.Member("limit_bytes"u8, store.MemoryLimit);
        json.Member("index_bytes"u8, store.IndexLength);
        json.Member("item_bytes"u8, s.Bytes);
        json.Member("metadata_bytes"u8, s.MetadataBytes);
        json.Member("item_size_max"u8, store.ItemSizeMax);
        json.EndObject();
        json.Name("segments"u8);
        json.BeginObject();
        json.Member("segment_bytes"u8, store.SegmentSize);
        json.Member("count"u8, store.SegmentCount);
        json.Member("used"u8, store.UsedSegmentCount - store.FreeSegmentCount);
        json.Member("free"u8, store.FreeSegmentCount);
        json.Member("held"u8, store.LeasedSegmentCount);
        json.Member("small_queue"u8, store.SmallSegmentCount);
        json.Member("main_queue"u8, store.MainSegmentCount);
        json.EndObject();
        json.Name("network_buffers"u8);
        json.BeginObject();
        json.Member("chunk_bytes"u8, sources.Chunks.ChunkSize);
        json.Member("count"u8, sources.Chunks.Count);
        json.Member("free"u8, sources.Chunks.FreeCount);
        json.EndObject();
        json.EndObject();
    }

    private static ReadOnlySpan<byte> StateOf(ApiSources sources, DrainState drain)
    {
        if (drain != DrainState.Serving) return DrainResource.NameOf(drain);
        return sources.Network.IsConfigured ? "ready"u8 : "waiting for an address"u8;
    }
}
