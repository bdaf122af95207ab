namespace Memcachier.Cache;

/// <summary>
/// Makes free segments out of full ones. What is alive in a sparse segment is copied to the open one; when there are
/// only dense segments, the oldest is evicted: there, items read since they were stored are copied, up to half of the
/// segment, and the others are gone.
/// </summary>
/// <remarks>
/// It walks the victim an allocation's worth at a time, so that small items hardly ever pay for a whole segment. One free
/// segment is the reserve: what is spared always has a place.
/// </remarks>
internal sealed class Evictor
{
    /// <summary>Free segments that allocations leave alone.</summary>
    public const int ReserveCount = 1;

    private readonly SegmentLog _log;
    private readonly Inventory _inventory;
    private readonly Lifetime _lifetime;
    private readonly Statistics _statistics;
    private int _victim = SegmentQueue.None;
    private int _cursor;
    private int _sparedBytes;
    private bool _isSparse;

    public Evictor(SegmentLog log, Inventory inventory, Lifetime lifetime, Statistics statistics)
    {
        _log = log;
        _inventory = inventory;
        _lifetime = lifetime;
        _statistics = statistics;
    }

    /// <summary>
    /// Called for each allocation while no segment but the reserve is free. At twice the pace of the allocations the
    /// victim is usually empty before the open segment is full, although what is spared goes there too; not if a large
    /// item leaves the rest of the open segment unused.
    /// </summary>
    public void Pace(int allocated)
    {
        if (_victim == SegmentQueue.None && !TryChoose()) return;
        Walk(2 * allocated);
    }

    /// <summary>Frees a segment now, whatever it costs; fails only if leases hold all of them.</summary>
    /// <param name="mayBreakLeases">Whether to take leases back rather than fail.</param>
    public bool TryFreeOne(bool mayBreakLeases)
    {
        if (_victim == SegmentQueue.None && !TryChoose()) return mayBreakLeases && _log.TryBreakLeases();
        Walk(int.MaxValue);
        return true;
    }

    private bool TryChoose()
    {
        if (!_log.TryBeginEviction(out _victim, out _isSparse)) return false;
        _cursor = 0;
        _sparedBytes = 0;
        return true;
    }

    private void Walk(int budget)
    {
        while (budget > 0 && _cursor < _log.Used(_victim))
        {
            Item item = _log.At(_log.LocationIn(_victim, _cursor));
            int padded = _log.Padded(item.Length);
            Visit(in item);
            _cursor += padded;
            budget -= padded;
        }
        if (_cursor < _log.Used(_victim)) return;
        int victim = _victim;
        _victim = SegmentQueue.None;
        _log.EndEviction(victim);
    }

    private void Visit(in Item item)
    {
        if (!item.IsLinked)
        {
            if ((item.Header.Marks & ItemMarks.Reserved) != 0) DropBroken(in item);
            return;
        }

        ItemFate fate = _lifetime.Judge(in item.Header);
        if (fate == ItemFate.Alive && TrySpare(in item)) return;
        bool wasFetched = (item.Header.Marks & ItemMarks.Fetched) != 0;
        if (fate == ItemFate.Alive)
        {
            _statistics.Evictions++;
            if (!wasFetched) _statistics.EvictedUnfetched++;
        }
        else
        {
            _statistics.Reclaimed++;
            if (fate == ItemFate.Expired && !wasFetched) _statistics.ExpiredUnfetched++;
        }
        _inventory.Remove(in item);
    }

    /// <summary>Copies an item that is alive to the open segment, if it deserves that.</summary>
    private bool TrySpare(in Item item)
    {
        if (!_isSparse && (item.Header.Marks & ItemMarks.Active) == 0) return false;
        int padded = _log.Padded(item.Length);
        if (_sparedBytes + padded > _log.SegmentSize / 2) return false;
        if (!TryAppend(in item, out uint location)) return false;
        Item copy = _log.At(location);
        item.Octets.CopyTo(copy.Octets);
        if (!_isSparse) copy.Header.Marks &= ~ItemMarks.Active;
        _inventory.Move(in item, in copy);
        _sparedBytes += padded;
        _statistics.ItemsSpared++;
        return true;
    }

    private bool TryAppend(in Item item, out uint location)
    {
        if (_log.TryAppend(item.Header.KeyLength, item.ValueLength, out location)) return true;
        if (_log.FreeCount == 0) return false;
        _log.OpenNext();
        return _log.TryAppend(item.Header.KeyLength, item.ValueLength, out location);
    }

    /// <summary>
    /// An upload whose reservation was broken will be answered with an error. The item that a set was to replace goes, as
    /// after any set that fails for want of memory; the other commands leave it.
    /// </summary>
    private void DropBroken(in Item item)
    {
        bool isReplacing = (item.Header.Marks & ItemMarks.Replacing) != 0;
        item.Header.Marks = ItemMarks.Dead;
        if (!isReplacing) return;
        if (_inventory.TryFind(item.Key, item.Header.Hash, out Item old)) _inventory.Remove(in old);
    }
}
