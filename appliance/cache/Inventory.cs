using System;

namespace Memcachier.Cache;

/// <summary>The items that are stored: the index of them, and how many and how large they are.</summary>
internal sealed class Inventory
{
    private readonly HashIndex _index;
    private readonly Lifetime _lifetime;
    private readonly Statistics _statistics;

    public Inventory(HashIndex index, Lifetime lifetime, Statistics statistics)
    {
        _index = index;
        _lifetime = lifetime;
        _statistics = statistics;
    }

    /// <summary>Finds a linked item, whatever its fate.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, uint hash, out Item item) => _index.TryFind(key, hash, out item);

    /// <summary>Finds an item that is alive; removes one that is not.</summary>
    public bool TryFindAlive(ReadOnlySpan<byte> key, uint hash, out Item item)
    {
        if (!_index.TryFind(key, hash, out item)) return false;
        ItemFate fate = _lifetime.Judge(in item.Header);
        if (fate == ItemFate.Alive) return true;

        if (fate == ItemFate.Expired) _statistics.GetExpired++;
        else _statistics.GetFlushed++;
        Remove(in item);
        item = default;
        return false;
    }

    /// <summary>Makes a complete item the one of its key, which has no other.</summary>
    public void Add(in Item item)
    {
        _index.Link(in item);
        _statistics.TotalItems++;
        // In a second with too many flushes, what is stored until its end is flushed from the start.
        if (_lifetime.IsFlushed(in item.Header)) return;
        _statistics.CurrItems++;
        _statistics.Bytes += item.Length;
    }

    public void Remove(in Item item)
    {
        // What an immediate flush_all ended left the counts at that moment, or never entered them.
        if (!_lifetime.IsFlushed(in item.Header))
        {
            _statistics.CurrItems--;
            _statistics.Bytes -= item.Length;
        }
        _index.Unlink(in item);
    }

    /// <summary>Puts a copy of an item in its place.</summary>
    public void Move(in Item item, in Item copy) => _index.Replace(in item, in copy);

    /// <summary>flush_all; see <see cref="Lifetime.Flush"/>.</summary>
    public void Flush(int exptime)
    {
        if (!_lifetime.Flush(exptime)) return;
        _statistics.CurrItems = 0;
        _statistics.Bytes = 0;
    }
}
