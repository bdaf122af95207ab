using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Cache;

/// <summary>
/// The items of one reactor: a log of segments and an index of it. It uses all of its memory and then evicts. Storing
/// fails for what is too large, for an upload that others overtook by all of the memory, and for an append while leases
/// hold every segment. See README.md in this folder.
/// </summary>
public sealed partial class Store
{
    // A 256th of the memory remembers what was evicted, unless that would be a large part of few segments.
    private const int GhostShare = 256;
    private const int SegmentCountForGhosts = 64;

    private const int ScanCountPerTick = 256;
    private const int ReclaimedBytesPerTick = 64 << 10;

    private readonly SegmentLog _log;
    private readonly HashIndex _index;
    private readonly IndexSizer _sizer;
    private readonly Inventory _inventory;
    private readonly GhostTable _ghosts;
    private readonly Allocator _allocator;
    private readonly Evictor _evictor;
    private readonly MemoryLimiter _limiter;
    private readonly Statistics _statistics;
    private readonly Credits _credits;
    private readonly EvictionPolicy _policy;
    private readonly int _itemSizeMax;
    private int _itemSizeLimit;

    /// <param name="memory">All of it becomes index and segments; at least eight of the latter have to fit.</param>
    public Store(Region memory, in StoreOptions options, Statistics statistics)
    {
        _statistics = statistics;
        _policy = options.Policy;
        MemoryLength = memory.Length;
        Lifetime = new Lifetime();
        long segmentsLength = SegmentsLength(memory.Length, in options);
        int indexCount = IndexSegmentCount(segmentsLength, in options);
        _ghosts = new GhostTable(memory.Part(segmentsLength, memory.Length - segmentsLength));
        Quiescence reactors = options.Reactors ?? new Quiescence(reactorCount: 1);
        _log = new SegmentLog(memory.Part(0, segmentsLength), options.SegmentSize, indexCount, reactors, options.Owner);
        _itemSizeMax = (int)Math.Min(options.ItemSizeMax, _log.ItemLengthMax);
        _itemSizeLimit = _itemSizeMax;
        _index = new HashIndex(memory, (long)indexCount * options.SegmentSize, _log, new KeyedHash(options.Secret));
        Sizes = options.TracksSizes ? new SizeHistogram(_itemSizeMax) : null;
        Events = options.Events;
        _inventory = new Inventory(_log, _index, Lifetime, statistics, Sizes, Events);
        _allocator = new Allocator(_log, Lifetime, options.IsWithoutCas);
        _credits = new Credits(statistics, options.Policy, options.Secret);
        _evictor = new Evictor(_log, _inventory, _allocator, _ghosts, _credits, Lifetime, statistics, options.Policy);
        _sizer = new IndexSizer(_log, _index, _inventory, _evictor, indexCount);
        _limiter = new MemoryLimiter(_log, _evictor, _sizer, memory.Length);
        Crawler = new Crawler(NewScan(), _inventory, Lifetime, statistics);
    }

    public Lifetime Lifetime { get; }

    /// <summary>Whether items have cas uniques; if not, they are all 0.</summary>
    public bool HasCas => !_allocator.IsWithoutCas;

    /// <summary>Bytes of memory, index included.</summary>
    public long MemoryLength { get; }

    /// <summary>Bytes of it that the store may use: all, unless <see cref="TrySetMemoryLimit"/> says less.</summary>
    public long MemoryLimit => _limiter.Limit;

    /// <summary>memcached's -I, or a quarter of the memory if that is less.</summary>
    public int ItemSizeMax => _itemSizeMax;

    public EvictionPolicy Policy => _policy;

    /// <summary>The walk over all items.</summary>
    public Crawler Crawler { get; }

    /// <summary>The items by their sizes, if it was asked for.</summary>
    public SizeHistogram? Sizes { get; }

    public int SegmentSize => _log.SegmentSize;

    public int SegmentCount => _log.SegmentCount;

    /// <summary>Segments that are not withheld because of <see cref="MemoryLimit"/>.</summary>
    public int UsedSegmentCount => _log.UsedCount;

    public int FreeSegmentCount => _log.FreeCount;

    public int LeasedSegmentCount => _log.HeldCount;

    public long BrokenLeaseCount => _log.BrokenLeaseCount;

    /// <summary>Bytes of the values that append and prepend have made by copying.</summary>
    public long JoinedOctetCount { get; private set; }

    /// <summary>Bytes of values that were copied to their places, those that append and prepend joined too.</summary>
    public long FilledOctetCount { get; private set; }

    public long IndexLength => _sizer.Length;

    public bool IsIndexResizing => _sizer.IsResizing;

    public long GhostLength => _ghosts.Length;

    /// <summary>Slots of the index for items; of the smaller one of two while its size changes.</summary>
    public long IndexSlotCount => _index.SlotCount;

    /// <summary>Items in the index, those that have ended and not been met yet too.</summary>
    public long IndexItemCount => _index.Count;

    /// <summary>Two to this power is about the number of the index's slots.</summary>
    public int HashPowerLevel => BitOperations.Log2((ulong)_index.SlotCount);

    /// <summary>
    /// Seconds since the oldest segment of the small queue was opened: nothing that is alive goes earlier.
    /// </summary>
    public uint SmallQueueAge => Lifetime.Now - _log.SmallOpenedAt(Lifetime.Now);

    /// <summary>Seconds since the item at the end of the small queue was stored or read; of the main queue.</summary>
    public uint SmallAge => Lifetime.Now - _log.TimeAtEnd(isMain: false, Lifetime.Now);

    public uint MainAge => Lifetime.Now - _log.TimeAtEnd(isMain: true, Lifetime.Now);

    /// <summary>How often eviction passed over a segment because somebody held it.</summary>
    public long HeldSegmentsPassed => _log.PassedOverCount;

    /// <summary>Full segments of the small queue; of the main queue.</summary>
    public int SmallSegmentCount => _log.SmallCount;

    public int MainSegmentCount => _log.MainCount;

    /// <summary>What is known of a segment, from 0 to <see cref="SegmentCount"/>.</summary>
    public SegmentNumbers NumbersOf(int segment)
    {
        ref readonly Segment info = ref _log.Info(segment);
        bool hasItems = info.State is SegmentState.Open or SegmentState.Sealed or SegmentState.Sparse
            or SegmentState.Evicting or SegmentState.Drained;
        return new SegmentNumbers
        {
            State = info.State,
            IsMain = hasItems && Streams.IsMain(info.Stream),
            UsedBytes = hasItems ? info.Used : 0,
            LiveBytes = hasItems ? info.LiveBytes : 0,
            HoldCount = hasItems ? info.HoldCount : 0,
            AgeSeconds = hasItems ? Lifetime.Now - info.OpenedAt : 0,
        };
    }

    /// <summary>Another walk over all items than that of <see cref="Crawler"/>.</summary>
    public ItemScan NewScan() => new(_log, _index);

    /// <summary>The way for another reactor to read this store. One for each.</summary>
    /// <param name="statistics">Of that reactor: it counts what it finds and misses.</param>
    /// <param name="secret">For chances.</param>
    public StoreReader ReaderFor(int reactor, Statistics statistics, ulong secret)
    {
        var credits = new Credits(_statistics, _policy, secret);
        return new StoreReader(_log, _index, _inventory, Lifetime, _log.PinsOf(reactor), credits, statistics);
    }

    /// <summary>Sets the clock, several times a second, and drops a little of what has expired.</summary>
    public void Tick(long nowMicros, long unixSeconds)
    {
        if (Lifetime.EndsFlush(nowMicros)) _inventory.Flush();
        Lifetime.Tick(nowMicros, unixSeconds);
        _log.FreeDrained();
        _log.ScanExpired(Lifetime.Now, ScanCountPerTick);
        // What is reclaimed here nobody had to wait for: memcached's crawler does the like, and counts for itself.
        long reclaimed = _statistics.Reclaimed;
        long walked = _statistics.ItemsWalked;
        _evictor.ReclaimExpired(ReclaimedBytesPerTick);
        _statistics.CrawlerReclaimed += _statistics.Reclaimed - reclaimed;
        _statistics.CrawlerItemsChecked += _statistics.ItemsWalked - walked;
        _statistics.Reclaimed = reclaimed;
        _limiter.Tick();
        Crawler.Tick();
    }

    /// <summary>Hot: get and gets. Counts as a read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<byte> key, out Item item)
    {
        _statistics.CmdGet++;
        if (!_inventory.TryFindAlive(key, _inventory.HashOf(key), out item, out bool isMain))
        {
            _statistics.GetMisses++;
            return false;
        }
        item.CountRead(Lifetime.Now, _credits);
        CountHit(isMain);
        return true;
    }

    /// <summary>gat and gats: a read that sets the expiry.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryGetAndTouch(ReadOnlySpan<byte> key, int exptime, out Item item)
    {
        _statistics.CmdTouch++;
        ulong hash = _inventory.HashOf(key);
        if (!_inventory.TryFindAlive(key, hash, out item) || !TrySetExptime(ref item, hash, exptime))
        {
            _statistics.TouchMisses++;
            return false;
        }
        item.CountRead(Lifetime.Now, _credits);
        _statistics.TouchHits++;
        return true;
    }

    /// <summary>touch: the same without the value.</summary>
    public bool TryTouch(ReadOnlySpan<byte> key, int exptime) => TryGetAndTouch(key, exptime, out _);

    public bool TryDelete(ReadOnlySpan<byte> key)
    {
        ulong hash = _inventory.HashOf(key);
        if (!_inventory.TryFindAlive(key, hash, out Item item))
        {
            _statistics.DeleteMisses++;
            return false;
        }
        _inventory.Remove(in item, hash);
        _statistics.DeleteHits++;
        return true;
    }

    /// <summary>flush_all, at once or at <paramref name="exptime"/>.</summary>
    public void Flush(int exptime)
    {
        _statistics.CmdFlush++;
        // What an earlier one hides at this second does not come back because another takes its place.
        if (Lifetime.IsFlushing) _inventory.Flush();
        if (Lifetime.Flush(exptime)) _inventory.Flush();
    }

    /// <summary>
    /// cache_memlimit: how much of its memory the store may use. It comes down to that little by little, evicting what
    /// has to go. Fails if there is not so much memory, or too little for the store to work.
    /// </summary>
    /// <param name="limit">In bytes.</param>
    public bool TrySetMemoryLimit(long limit)
    {
        if (!_limiter.TrySet(limit)) return false;
        _itemSizeLimit = (int)Math.Min(_itemSizeMax, _log.ItemLengthMax);
        return true;
    }

    /// <summary>Whether <see cref="TrySetMemoryLimit"/> would take it.</summary>
    public bool IsMemoryLimitPossible(long limit) => _limiter.IsPossible(limit);

    /// <summary>stats reset: what is counted starts again.</summary>
    public void ResetStatistics()
    {
        _statistics.Reset();
        _log.PassedOverCount = 0;
        Crawler.StartCount = 0;
    }

    /// <summary>Keeps an item's value readable beyond the store's next operation.</summary>
    public Lease Hold(in Item item) => new(item.Location, _log.Hold(in item), item.ValueLength);

    /// <summary>
    /// The held value's bytes from <paramref name="offset"/> on, as many as lie together; none at its end. Fails if the
    /// lease was broken.
    /// </summary>
    public bool TryRead(in Lease lease, int offset, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!lease.IsHeld || !IsHeld(lease.Location, lease.Sequence)) return false;
        Item item = _log.At(lease.Location);
        if (item.IsChained && offset < item.ValueLength && !_log.IsThere(in item.Pieces[offset / _log.PieceLengthMax]))
        {
            return false;
        }
        value = item.ValueAt(offset);
        return true;
    }

    /// <summary>Gives a lease back; broken ones and <c>default</c> too.</summary>
    public void Release(ref Lease lease)
    {
        if (lease.IsHeld) _log.Release(lease.Location, lease.Sequence);
        lease = default;
    }

    private bool IsHeld(uint location, uint sequence) => _log.Info(_log.SegmentOf(location)).Sequence == sequence;

    private bool IsInMain(in Item item) => _log.IsMain(item.Location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountHit(bool isMain)
    {
        _statistics.GetHits++;
        if (isMain) _statistics.HitsToMain++;
    }

    /// <summary>
    /// Sets an item's expiry, in its place or, if its place has too few bytes for it, in a copy. Fails if there is no
    /// memory for that; the item is evicted then.
    /// </summary>
    private bool TrySetExptime(ref Item item, ulong hash, int exptime)
    {
        uint second = Lifetime.FromExptime(exptime);
        return _log.TrySetExptime(in item, second) || TryRewrite(ref item, hash, second, item.Cas);
    }

    /// <summary>Moves an item to a new place, where there is room for this exptime and cas unique.</summary>
    private bool TryRewrite(ref Item item, ulong hash, uint exptime, ulong cas)
    {
        // The allocation may evict the item or copy it elsewhere; held, its bytes stay where they are.
        Lease lease = Hold(in item);
        bool isMain = IsInMain(in item);
        bool isAllocated = TryAllocate(
            isMain, item.Flags, exptime, cas, item.Key.Length, item.ValueLength, mayBreakLeases: false, out Item moved);
        // What was evicted meanwhile stays so: its pieces are gone.
        bool isThere = _inventory.TryFind(item.Key, hash, out Item current);
        if (isAllocated && isThere)
        {
            Allocator.Copy(in current, in moved);
            moved.Header.Marks = current.Header.Marks & ~ItemMarks.Linked;
            moved.Header.Time = current.Time;
            _inventory.Move(in current, in moved, hash);
        }
        else if (isAllocated)
        {
            _log.Discard(in moved);
        }
        else if (isThere)
        {
            _inventory.CountEvicted(in current);
            _inventory.Remove(in current, hash);
        }
        Release(ref lease);
        item = moved;
        return isAllocated && isThere;
    }

    // The ghosts get a share of the memory and what the segments leave over; of a small memory only the latter.
    private static long SegmentsLength(long memoryLength, in StoreOptions options)
    {
        bool hasShare = options.Policy == EvictionPolicy.S3Fifo
            && memoryLength / options.SegmentSize >= SegmentCountForGhosts;
        long ghosts = hasShare ? memoryLength / GhostShare : 0;
        return (memoryLength - ghosts) / options.SegmentSize * options.SegmentSize;
    }

    private static int IndexSegmentCount(long segmentsLength, in StoreOptions options)
    {
        long slots = segmentsLength / options.ItemSizeExpected;
        long length = (slots / IndexLine.SlotCount) * IndexLine.Size;
        return (int)Math.Max(1, length / options.SegmentSize);
    }
}
