namespace Memcachier.Cache;

/// <summary>
/// memcached's LRU crawler: one walk over all items at a time, to remove what has expired, or for a client that wants
/// them listed.
/// </summary>
/// <remarks>
/// A walk for a client is the client's to go on with. Who does not for half an hour, as long as memcached waits, loses
/// it to the next one who asks: a ticket tells whose it is.
/// </remarks>
public sealed class Crawler
{
    private const uint PatienceSeconds = 1800;

    // Lines of the index a tick, or four thousand items: a millisecond at most.
    private const int BudgetPerTick = 1 << 17;

    private readonly ItemScan _scan;
    private readonly Inventory _inventory;
    private readonly Lifetime _lifetime;
    private readonly Statistics _statistics;
    private uint _lastTicket;
    private uint _ticket;
    private uint _seenAt;
    private long _left;

    internal Crawler(ItemScan scan, Inventory inventory, Lifetime lifetime, Statistics statistics)
    {
        _scan = scan;
        _inventory = inventory;
        _lifetime = lifetime;
        _statistics = statistics;
    }

    /// <summary>lru_crawler enable and disable.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>lru_crawler tocrawl: how many items a walk for what has expired looks at; 0 for all.</summary>
    public uint ItemCountMax { get; set; }

    /// <summary>Walks that were begun.</summary>
    public long StartCount { get; set; }

    public bool IsRunning => !_scan.IsDone || _ticket != 0;

    /// <summary>lru_crawler crawl: a walk that ticks go on with. Fails if there is another.</summary>
    public bool TryBeginReclaiming()
    {
        if (!TryBegin()) return false;
        _left = ItemCountMax == 0 ? long.MaxValue : ItemCountMax;
        return true;
    }

    /// <summary>lru_crawler metadump and mgdump: a walk for a client. Fails if there is another.</summary>
    /// <param name="ticket">For the other methods; never 0.</param>
    public bool TryBeginListing(out uint ticket)
    {
        ticket = 0;
        if (!TryBegin()) return false;
        if (++_lastTicket == 0) _lastTicket = 1;
        ticket = _lastTicket;
        _ticket = ticket;
        return true;
    }

    /// <summary>Goes on with a walk for a client. Fails if it is another's by now.</summary>
    public bool TryResume(uint ticket, out ItemScan scan)
    {
        scan = _scan;
        if (ticket == 0 || ticket != _ticket) return false;
        _seenAt = _lifetime.Now;
        _scan.Resume();
        return true;
    }

    /// <summary>Ends a walk for a client, if it is still that client's.</summary>
    public void EndListing(uint ticket)
    {
        if (ticket == 0 || ticket != _ticket) return;
        _ticket = 0;
        _scan.End();
    }

    /// <summary>Whether an item is one that a get would find.</summary>
    public bool IsAlive(in Item item) => _inventory.Judge(in item) == ItemFate.Alive;

    /// <summary>Goes on with a walk for what has expired.</summary>
    internal void Tick()
    {
        if (_scan.IsDone || _ticket != 0) return;
        _scan.Resume();
        int budget = BudgetPerTick;
        while (_scan.TryNext(ref budget, out Item item))
        {
            _statistics.CrawlerItemsChecked++;
            ItemFate fate = _inventory.Judge(in item);
            if (fate != ItemFate.Alive)
            {
                _statistics.CrawlerReclaimed++;
                if (fate == ItemFate.Expired && !item.IsFetched) _statistics.ExpiredUnfetched++;
                _inventory.Remove(in item, _inventory.HashOf(item.Key));
            }
            if (--_left == 0) _scan.End();
        }
    }

    private bool TryBegin()
    {
        if (_ticket != 0 && _lifetime.Now - _seenAt >= PatienceSeconds) EndListing(_ticket);
        if (IsRunning) return false;
        _scan.Begin();
        _seenAt = _lifetime.Now;
        StartCount++;
        return true;
    }
}
