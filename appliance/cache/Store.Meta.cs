using System;

namespace Memcachier.Cache;

/// <summary>
/// What the meta commands do that the classic ones do not. ms is an upload with other <see cref="StoreTerms"/>, ma an
/// incr with other <see cref="DeltaOptions"/>. The order of steps is that of memcached 1.6.45.
/// </summary>
public sealed partial class Store
{
    /// <summary>me: an item as it is; nothing is counted, and it is not marked as read.</summary>
    public bool TryPeek(ReadOnlySpan<byte> key, out Item item) =>
        _inventory.TryFindAlive(key, _inventory.HashOf(key), out item);

    /// <summary>
    /// mg: a get that may set the expiry, make what is missing, and say who is to bring a new value. Fails if there is
    /// no item and none was asked for, or no memory for one.
    /// </summary>
    public bool TryMetaGet(ReadOnlySpan<byte> key, in MetaGetOptions options, out Item item, out MetaGetResult result)
    {
        result = default;
        ulong hash = _inventory.HashOf(key);
        if (_inventory.TryFindAlive(key, hash, out item))
        {
            result.WasFetched = item.IsFetched;
            result.SecondsSinceAccess = Lifetime.Now - item.Time;
            result.ExptimeBefore = item.Exptime;
            if (options.SetsExptime && !TrySetExptime(ref item, hash, options.Exptime)) return Miss();
        }
        else
        {
            if (!options.Vivifies || !TryVivify(key, hash, in options, out item)) return Miss();
            result.IsCreated = true;
        }

        Award(in item, in options, ref result);
        if (!options.IsUnseen) item.CountRead(Lifetime.Now, _credits);
        if (options.SetsExptime)
        {
            _statistics.CmdTouch++;
            _statistics.TouchHits++;
        }
        else
        {
            _statistics.CmdGet++;
            CountHit(IsInMain(in item));
        }
        return true;
    }

    /// <summary>md: deletes an item, or says that its value is out of date, or takes only the value away.</summary>
    public MetaDeleteResult MetaDelete(ReadOnlySpan<byte> key, in MetaDeleteOptions options)
    {
        ulong hash = _inventory.HashOf(key);
        MetaDeleteResult result;
        if (!_inventory.TryFindAlive(key, hash, out Item item))
        {
            result = MetaDeleteResult.NotFound;
        }
        else if (options.HasCas && options.Cas != item.Cas)
        {
            result = MetaDeleteResult.Exists;
        }
        else if (options.DropsValue)
        {
            return DropValue(key, hash, in item, in options);
        }
        else if (options.Invalidates)
        {
            // Without memory for the change the item is gone, which invalidates it as well.
            if (TryInvalidate(ref item, hash, in options)) return MetaDeleteResult.Deleted;
            result = MetaDeleteResult.NotFound;
        }
        else
        {
            _inventory.Remove(in item, hash);
            _statistics.DeleteHits++;
            return MetaDeleteResult.Deleted;
        }
        _statistics.DeleteMisses++;
        return result;
    }

    private bool Miss()
    {
        _statistics.CmdGet++;
        _statistics.GetMisses++;
        return false;
    }

    /// <summary>Makes an empty item for a key that has none.</summary>
    private bool TryVivify(ReadOnlySpan<byte> key, ulong hash, in MetaGetOptions options, out Item item)
    {
        uint exptime = Lifetime.FromExptime(options.VivifyExptime);
        ulong cas = options.HasNewCas ? options.NewCas : _allocator.NextCas();
        if (!TryAllocate(
            IsForMain(key, hash, valueLength: 0), flags: 0, exptime, cas, key.Length,
            valueLength: 0, mayBreakLeases: true, out item))
        {
            return false;
        }
        key.CopyTo(item.MutableKey);
        Publish(in item, hash, ItemMarks.Dead);
        // The index may have claimed a segment at that.
        return _inventory.TryFind(key, hash, out item);
    }

    /// <summary>Decides whether this client is the one to bring a new value: one at a time is.</summary>
    private void Award(in Item item, in MetaGetOptions options, ref MetaGetResult result)
    {
        uint exptime = options.RecachesAfterExptime ? item.Exptime : result.ExptimeBefore;
        bool isOld = options.Recaches && exptime != 0 && exptime < Lifetime.FromExptime(options.RecacheExptime);
        result.IsWonByOther = item.IsWon;
        result.HasWon = result.IsCreated || (!item.IsWon && (item.IsStale || isOld));
        if (result.HasWon) item.Header.Change(ItemMarks.Dead, ItemMarks.Won);
    }

    /// <summary>md I</summary>
    private bool TryInvalidate(ref Item item, ulong hash, in MetaDeleteOptions options)
    {
        ulong cas = options.HasNewCas ? options.NewCas : _allocator.NextCas();
        uint exptime = options.SetsExptime ? Lifetime.FromExptime(options.Exptime) : item.Exptime;
        // From the mark on others leave it alone: the new cas unique is not to be seen with a value that is not yet out
        // of date.
        item.Header.Change(ItemMarks.Won, ItemMarks.Stale);
        return _log.TryUpdate(in item, cas, exptime) || TryRewrite(ref item, hash, exptime, cas);
    }

    /// <summary>md x: a new item with the old one's key and, if it is not invalidated too, its cas unique.</summary>
    private MetaDeleteResult DropValue(ReadOnlySpan<byte> key, ulong hash, in Item item, in MetaDeleteOptions options)
    {
        ulong cas = options.HasNewCas ? options.NewCas : options.Invalidates ? _allocator.NextCas() : item.Cas;
        uint exptime = options.SetsExptime ? Lifetime.FromExptime(options.Exptime) : 0;
        if (!TryAllocate(
            IsInMain(in item), options.Flags, exptime, cas, key.Length, valueLength: 0,
            mayBreakLeases: true, out Item empty))
        {
            return MetaDeleteResult.OutOfMemory;
        }
        key.CopyTo(empty.MutableKey);
        Publish(in empty, hash, options.Invalidates ? ItemMarks.Stale : ItemMarks.Dead);
        if (!options.Invalidates) _statistics.DeleteHits++;
        return MetaDeleteResult.Deleted;
    }
}
