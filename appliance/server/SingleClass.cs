using System;
using Memcachier.Cache;

namespace Memcachier.Server;

/// <summary>
/// The store in the terms of memcached's size classes, as stats and the metrics tell of it: there is one class, its
/// pages are the segments, with one chunk each. The small queue is what memcached calls hot, the main queue warm; cold,
/// which memcached evicts from, there is none.
/// </summary>
public sealed class SingleClass
{
    /// <summary>The class's number.</summary>
    public const int Number = 1;

    /// <summary>Chunks of a page.</summary>
    public const int ChunksPerPage = 1;

    private readonly Store _store;
    private readonly Statistics _statistics;

    public SingleClass(Store store, Statistics statistics)
    {
        _store = store;
        _statistics = statistics;
    }

    /// <summary>In bytes.</summary>
    public int ChunkSize => _store.SegmentSize;

    public int Chunks => _store.UsedSegmentCount;

    public int UsedChunks => _store.UsedSegmentCount - _store.FreeSegmentCount;

    public int FreeChunks => _store.FreeSegmentCount;

    public long MallocedBytes => (long)_store.UsedSegmentCount * _store.SegmentSize;

    public long HotItems => _statistics.CurrItems - _statistics.MainItems;

    public long WarmItems => _statistics.MainItems;

    public long HitsToHot => _statistics.GetHits - _statistics.HitsToMain;

    public long HitsToWarm => _statistics.HitsToMain;

    /// <summary>Seconds since the oldest item of a queue was stored or read.</summary>
    public uint HotAge => _store.SmallAge;

    public uint WarmAge => _store.MainAge;

    public uint Age => Math.Max(_store.SmallAge, _store.MainAge);
}
