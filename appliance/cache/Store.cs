using System;
using System.Numerics;
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
    private readonly KeyedHash _hash;
    private readonly SegmentLog _log;
    private readonly HashIndex _index;
    private readonly Inventory _inventory;
    private readonly Evictor _evictor;
    private readonly Statistics _statistics;
    private readonly int _itemSizeMax;
    private ulong _lastCas;

    /// <param name="memory">All of it becomes index and segments; at least six of the latter have to fit.</param>
    public Store(Region memory, in StoreOptions options, Statistics statistics)
    {
        _hash = new KeyedHash(options.Secret);
        _statistics = statistics;
        _itemSizeMax = options.ItemSizeMax;
        MemoryLength = memory.Length;
        Lifetime = new Lifetime();
        long indexLength = HashIndex.LengthFor(memory.Length);
        _log = new SegmentLog(memory, indexLength, options.SegmentSize);
        _index = new HashIndex(memory.Part(0, indexLength), _log);
        _inventory = new Inventory(_index, Lifetime, statistics);
        _evictor = new Evictor(_log, _inventory, Lifetime, statistics);
    }

    public Lifetime Lifetime { get; }

    /// <summary>Bytes of memory, index included.</summary>
    public long MemoryLength { get; }

    /// <summary>memcached's -I.</summary>
    public int ItemSizeMax => _itemSizeMax;

    public int SegmentSize => _log.SegmentSize;

    public int SegmentCount => _log.SegmentCount;

    public int FreeSegmentCount => _log.FreeCount;

    public int LeasedSegmentCount => _log.LeasedCount;

    public long BrokenLeaseCount => _log.BrokenLeaseCount;

    /// <summary>Bytes of the values that append and prepend have made by copying.</summary>
    public long JoinedOctetCount { get; private set; }

    public long IndexLength => _index.Length;

    /// <summary>Two to this power is the number of the index's buckets.</summary>
    public int HashPowerLevel => BitOperations.Log2((ulong)_index.BucketCount);

    /// <summary>Sets the clock, several times a second.</summary>
    public void Tick(long nowMicros, long unixSeconds) => Lifetime.Tick(nowMicros, unixSeconds);

    /// <summary>Hot: get and gets. Counts as a read.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out Item item)
    {
        _statistics.CmdGet++;
        if (!_inventory.TryFindAlive(key, HashOf(key), out item))
        {
            _statistics.GetMisses++;
            return false;
        }
        MarkRead(in item);
        _statistics.GetHits++;
        return true;
    }

    /// <summary>gat and gats: a read that sets the expiry.</summary>
    public bool TryGetAndTouch(ReadOnlySpan<byte> key, int exptime, out Item item)
    {
        _statistics.CmdTouch++;
        if (!_inventory.TryFindAlive(key, HashOf(key), out item))
        {
            _statistics.TouchMisses++;
            return false;
        }
        MarkRead(in item);
        item.Header.Exptime = Lifetime.FromExptime(exptime);
        _statistics.TouchHits++;
        return true;
    }

    /// <summary>touch: the same without the value.</summary>
    public bool TryTouch(ReadOnlySpan<byte> key, int exptime) => TryGetAndTouch(key, exptime, out _);

    public bool TryDelete(ReadOnlySpan<byte> key)
    {
        if (!_inventory.TryFindAlive(key, HashOf(key), out Item item))
        {
            _statistics.DeleteMisses++;
            return false;
        }
        _inventory.Remove(in item);
        _statistics.DeleteHits++;
        return true;
    }

    /// <summary>flush_all, at once or at <paramref name="exptime"/>.</summary>
    public void Flush(int exptime)
    {
        _statistics.CmdFlush++;
        _inventory.Flush(exptime);
    }

    /// <summary>Keeps an item's data block readable beyond the store's next operation.</summary>
    public Lease Hold(in Item item)
    {
        int segment = _log.SegmentOf(item.Location);
        return new Lease(
            segment, _log.Hold(segment), _log.OffsetOf(item.Location) + item.ValueOffset, item.DataBlock.Length);
    }

    /// <summary>The held data block. Fails if the lease was broken.</summary>
    public bool TryRead(in Lease lease, out ReadOnlySpan<byte> dataBlock)
    {
        dataBlock = default;
        if (!lease.IsHeld || lease.Sequence != _log.Sequence(lease.Segment)) return false;
        dataBlock = _log.Octets(lease.Offset, lease.Length);
        return true;
    }

    /// <summary>Gives a lease back; broken ones and <c>default</c> too.</summary>
    public void Release(ref Lease lease)
    {
        if (lease.IsHeld) _log.Release(lease.Segment, lease.Sequence);
        lease = default;
    }

    private uint HashOf(ReadOnlySpan<byte> key) => (uint)_hash.Of(key);

    private void MarkRead(in Item item)
    {
        item.Header.Marks |= ItemMarks.Fetched | ItemMarks.Active;
        item.Header.Time = Lifetime.Now;
    }
}
