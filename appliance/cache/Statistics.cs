using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>
/// The counters of one reactor, with memcached's names. Plain fields: whoever sees an event counts it, the composition
/// root fills in what the network layers know.
/// </summary>
public sealed class Statistics
{
    // Set by the composition root.
    public long MaxConnections;
    public long CurrConnections;
    public long TotalConnections;
    public long RejectedConnections;
    public long IdleKicks;
    public long ConnectionStructures;
    public long BytesRead;
    public long BytesWritten;
    public long BusyMicros;
    public long Threads = 1;
    public long ArenaBytes;
    public long ArenaBytesUsed;
    public long Halts;
    public long TcpRetransmissions;
    public long TcpTimeouts;
    public long TcpResetsSent;
    public long TcpResetsReceived;
    public long TcpMalformed;
    public long UdpDropped;

    // Counted by what passes events on to those who watch.
    public long LogWorkerDropped;
    public long LogWorkerWritten;
    public long LogWatcherSkipped;
    public long LogWatcherSent;

    // Counted by the sessions.
    public long ConnYields;
    public long CmdFlush;
    public long CmdMeta;
    public long AuthCmds;
    public long AuthErrors;
    public long ReadBufOom;
    public long Verbosity;

    // Counted by the store.
    public long CmdGet;
    public long CmdSet;
    public long CmdTouch;
    public long GetHits;
    public long GetMisses;
    public long GetExpired;
    public long GetFlushed;
    public long DeleteHits;
    public long DeleteMisses;
    public long IncrHits;
    public long IncrMisses;
    public long DecrHits;
    public long DecrMisses;
    public long CasHits;
    public long CasMisses;
    public long CasBadval;
    public long TouchHits;
    public long TouchMisses;
    public long StoreTooLarge;
    public long StoreNoMemory;
    public long TotalItems;
    public long ExpiredUnfetched;
    public long EvictedUnfetched;
    public long Evictions;
    public long EvictedActive;
    public long EvictedNonzero;
    public long EvictedTime;
    public long EvictedForIndex;
    public long ItemsCompacted;
    public long MovesToWarm;
    public long MovesWithinLru;
    public long OctetsMoved;
    public long Reclaimed;
    public long EvictedInHaste;
    public long EvictionBytesWalked;
    public long ItemsWalked;
    public long CrawlerReclaimed;
    public long CrawlerItemsChecked;
    public long DirectReclaims;
    public long HitsToMain;
    public long EvictionBytesWalkedMax;
    public long SmallQueueSeconds;

    // What is there now: not reset.
    public long LogWatchers;
    public long CurrItems;
    public long MainItems;
    public long Bytes;

    /// <summary>Of the bytes that the items take in their segments, those that are neither key nor value.</summary>
    public long MetadataBytes;

    /// <summary>Operations on keys that were executed; a get of many keys is as many.</summary>
    public long Operations
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CmdGet + CmdSet + CmdTouch + DeleteHits + DeleteMisses + IncrHits + IncrMisses + DecrHits + DecrMisses;
    }

    /// <summary>
    /// stats reset: what the sessions, the store and the connections have counted starts again. What the composition
    /// root copies from other counters (time, halts, TCP) does not.
    /// </summary>
    public void Reset()
    {
        TotalConnections = 0;
        RejectedConnections = 0;
        IdleKicks = 0;
        LogWorkerDropped = 0;
        LogWorkerWritten = 0;
        LogWatcherSkipped = 0;
        LogWatcherSent = 0;
        ConnYields = 0;
        BytesRead = 0;
        BytesWritten = 0;
        CmdFlush = 0;
        CmdMeta = 0;
        AuthCmds = 0;
        AuthErrors = 0;
        ReadBufOom = 0;
        CmdGet = 0;
        CmdSet = 0;
        CmdTouch = 0;
        GetHits = 0;
        GetMisses = 0;
        GetExpired = 0;
        GetFlushed = 0;
        DeleteHits = 0;
        DeleteMisses = 0;
        IncrHits = 0;
        IncrMisses = 0;
        DecrHits = 0;
        DecrMisses = 0;
        CasHits = 0;
        CasMisses = 0;
        CasBadval = 0;
        TouchHits = 0;
        TouchMisses = 0;
        StoreTooLarge = 0;
        StoreNoMemory = 0;
        TotalItems = 0;
        ExpiredUnfetched = 0;
        EvictedUnfetched = 0;
        Evictions = 0;
        EvictedActive = 0;
        EvictedNonzero = 0;
        EvictedTime = 0;
        EvictedForIndex = 0;
        ItemsCompacted = 0;
        MovesToWarm = 0;
        MovesWithinLru = 0;
        OctetsMoved = 0;
        EvictedInHaste = 0;
        EvictionBytesWalked = 0;
        EvictionBytesWalkedMax = 0;
        Reclaimed = 0;
        CrawlerReclaimed = 0;
        CrawlerItemsChecked = 0;
        DirectReclaims = 0;
        HitsToMain = 0;
    }
}
