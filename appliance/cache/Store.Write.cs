using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>The uploads: reserve, fill, commit or abandon.</summary>
public sealed partial class Store
{
    // memcached's struct item, the cas unique, the NUL after the key, the CR LF, and the flags when they are not 0.
    private const int MemcachedOverhead = 48 + 8 + 1 + 2;
    private const int MemcachedFlagsSize = 4;

    /// <summary>Every field that an item can have.</summary>
    private const ItemForm AnyForm =
        ItemForm.HasExptime | ItemForm.HasFlags | ItemForm.HasCasHigh | ItemForm.HasLength;

    /// <summary>
    /// Takes the place of an item whose value of <paramref name="valueLength"/> bytes will be given to
    /// <see cref="TryFill"/>. On failure the counters know, and a set's old item is gone, as memcached has it: the
    /// client meant to replace it.
    /// </summary>
    /// <returns>Stored if there is a place, otherwise TooLarge or OutOfMemory.</returns>
    public StoreResult TryReserve(
        StoreMode mode, ReadOnlySpan<byte> key, uint flags, int exptime, int valueLength, out Reservation reservation)
    {
        ulong hash = _inventory.HashOf(key);
        StoreResult result = StoreResult.TooLarge;
        if (IsSizeOk(key.Length, flags, valueLength))
        {
            uint second = Lifetime.FromExptime(exptime);
            if (TryAllocate(
                IsForMain(key, hash, valueLength), flags, second, cas: 0, key.Length, valueLength, mayBreakLeases: true, out Item item))
            {
                item.Header.Marks = ItemMarks.Reserved;
                if (mode == StoreMode.Set) item.Header.Marks |= ItemMarks.Replacing;
                key.CopyTo(item.MutableKey);
                reservation = new Reservation(
                    item.Location, _log.Hold(_log.SegmentOf(item.Location)), hash, valueLength);
                _statistics.CmdSet++;
                return StoreResult.Stored;
            }
            result = StoreResult.OutOfMemory;
            _statistics.StoreNoMemory++;
        }
        else
        {
            _statistics.StoreTooLarge++;
        }

        reservation = default;
        if (mode == StoreMode.Set && _inventory.TryFindAlive(key, hash, out Item old)) _inventory.Remove(in old, hash);
        return result;
    }

    /// <summary>
    /// Copies the next bytes of the value into their place. Fails if the reservation was broken; it is void then.
    /// </summary>
    public bool TryFill(ref Reservation reservation, ReadOnlySpan<byte> octets)
    {
        Invariant.Holds(octets.Length <= reservation.Missing);
        if (!IsValid(in reservation)) return false;
        Item item = _log.At(reservation.Location);
        octets.CopyTo(item.MutableValue.Slice(reservation.Filled));
        reservation.Filled += octets.Length;
        return true;
    }

    /// <summary>Ends a filled reservation by storing the item, if <paramref name="mode"/> permits it.</summary>
    /// <param name="cas">The cas unique that <see cref="StoreMode.Cas"/> expects.</param>
    public StoreResult Commit(ref Reservation reservation, StoreMode mode, ulong cas)
    {
        Invariant.Holds(reservation.Missing == 0);
        StoreResult result = StoreResult.OutOfMemory;
        if (IsValid(in reservation))
        {
            Item item = _log.At(reservation.Location);
            result = Complete(in item, reservation.Hash, mode, cas);
            if (!item.IsLinked) _log.Discard(in item);
            _log.Release(_log.SegmentOf(reservation.Location), reservation.Sequence);
        }
        if (result == StoreResult.OutOfMemory) _statistics.StoreNoMemory++;
        reservation = default;
        return result;
    }

    /// <summary>Ends a reservation without storing; broken ones and <c>default</c> too.</summary>
    public void Abandon(ref Reservation reservation)
    {
        if (IsValid(in reservation))
        {
            Item item = _log.At(reservation.Location);
            _log.Discard(in item);
            _log.Release(_log.SegmentOf(reservation.Location), reservation.Sequence);
        }
        reservation = default;
    }

    private bool IsValid(in Reservation reservation) =>
        reservation.IsHeld && reservation.Sequence == _log.Info(_log.SegmentOf(reservation.Location)).Sequence;

    /// <summary>
    /// What was evicted from the small queue not long ago, or replaces an item of the main queue, has proved itself.
    /// </summary>
    private bool IsForMain(ReadOnlySpan<byte> key, ulong hash, int valueLength)
    {
        if (_policy == EvictionPolicy.Lru) return true;
        if (!_inventory.TryFind(key, hash, out Item old))
        {
            return _ghosts.TryTake(hash) && _credits.IsProved(Item.LengthOf(ItemForm.None, key.Length, valueLength));
        }
        return Streams.IsMain(_log.Info(_log.SegmentOf(old.Location)).Stream);
    }

    private StoreResult Complete(in Item item, ulong hash, StoreMode mode, ulong cas)
    {
        bool exists = _inventory.TryFindAlive(item.Key, hash, out Item old);
        switch (mode)
        {
            case StoreMode.Set:
                break;
            case StoreMode.Add:
                if (!exists) break;
                old.Credit = _credits.AfterRead(old.Credit, old.Length);
                return StoreResult.NotStored;
            case StoreMode.Replace:
                if (!exists) return StoreResult.NotStored;
                break;
            case StoreMode.Append:
            case StoreMode.Prepend:
                return exists ? Join(in item, in old, hash, mode) : StoreResult.NotStored;
            case StoreMode.Cas:
                StoreResult permission = CheckCas(exists, in old, cas);
                if (permission != StoreResult.Stored) return permission;
                break;
            default:
                Invariant.Unreachable();
                break;
        }
        return PublishUpload(in item, hash) ? StoreResult.Stored : StoreResult.OutOfMemory;
    }

    private StoreResult CheckCas(bool exists, in Item old, ulong cas)
    {
        if (!exists)
        {
            _statistics.CasMisses++;
            return StoreResult.NotFound;
        }
        // memcached takes 0 for "no cas unique given", so it matches nothing.
        if (cas == 0 || cas != old.Cas)
        {
            _statistics.CasBadval++;
            return StoreResult.Exists;
        }
        _statistics.CasHits++;
        return StoreResult.Stored;
    }

    /// <summary>append and prepend: a new item of both values, with the flags and the expiry of the old one.</summary>
    private StoreResult Join(in Item item, in Item old, ulong hash, StoreMode mode)
    {
        long length = (long)old.ValueLength + item.ValueLength;
        if (length > int.MaxValue || !IsSizeOk(old.Key.Length, old.Flags, (int)length)) return StoreResult.NotStored;

        // The allocation may evict the old item or copy it elsewhere; held, its bytes stay where they are. Those of the
        // new part are held by its reservation.
        int segment = _log.SegmentOf(old.Location);
        uint sequence = _log.Hold(segment);
        bool isMain = Streams.IsMain(_log.Info(segment).Stream);
        StoreResult result = StoreResult.NotStored;
        if (TryAllocate(
            isMain, old.Flags, old.Exptime, cas: 0, old.Key.Length, (int)length, mayBreakLeases: false, out Item joined))
        {
            ReadOnlySpan<byte> first = mode == StoreMode.Append ? old.Value : item.Value;
            ReadOnlySpan<byte> second = mode == StoreMode.Append ? item.Value : old.Value;
            old.Key.CopyTo(joined.MutableKey);
            first.CopyTo(joined.MutableValue);
            second.CopyTo(joined.MutableValue.Slice(first.Length));
            Publish(in joined, hash, _allocator.NextCas());
            JoinedOctetCount += length;
            result = StoreResult.Stored;
        }
        _log.Release(segment, sequence);
        return result;
    }

    /// <summary>
    /// Publishes an item whose value has arrived. If a flush_all, or two thousand million changes, came between, its place is
    /// not good any more, and it gets another; fails if there is no memory for that.
    /// </summary>
    private bool PublishUpload(in Item item, ulong hash)
    {
        ulong cas = _allocator.NextCas();
        bool isPlaceGood = !_log.IsFlushed(item.Location) && _log.TrySetCas(in item, cas);
        if (isPlaceGood)
        {
            Publish(in item, hash, cas);
            return true;
        }
        // The reservation holds the item while the allocation evicts.
        bool isMain = Streams.IsMain(_log.Info(_log.SegmentOf(item.Location)).Stream);
        if (!TryAllocate(
            isMain, item.Flags, item.Exptime, cas, item.Key.Length, item.ValueLength, mayBreakLeases: false, out Item moved))
        {
            return false;
        }
        item.Key.CopyTo(moved.MutableKey);
        item.Value.CopyTo(moved.MutableValue);
        Publish(in moved, hash, cas);
        return true;
    }

    /// <summary>Gives a complete item the place of the one that its key has now, if any.</summary>
    private void Publish(in Item item, ulong hash, ulong cas)
    {
        bool isSet = _log.TrySetCas(in item, cas);
        Invariant.Holds(isSet);
        item.Header.Marks = ItemMarks.Dead;
        item.Header.Time = Lifetime.Now;
        _statistics.TotalItems++;
        if (_inventory.TryFind(item.Key, hash, out Item current))
        {
            item.Credit = current.Credit;
            _inventory.Replace(in current, in item, hash);
        }
        else
        {
            item.Credit = _credits.AtFirst(item.Length);
            _inventory.Add(in item, hash);
        }
        _sizer.Pace();
    }

    /// <summary>
    /// Space for an item, evicting where none is left; dead until somebody marks it otherwise. Whatever items the caller
    /// has found may lie elsewhere, or be gone, unless their segments are held.
    /// </summary>
    private bool TryAllocate(
        bool isMain,
        uint flags,
        uint exptime,
        ulong cas,
        int keyLength,
        int valueLength,
        bool mayBreakLeases,
        out Item item)
    {
        // All eviction comes first: it may seal the open segment, and free any that nobody holds.
        if (_log.FreeCount <= Evictor.ReserveCount)
        {
            _evictor.Pace(_log.Padded(Item.LengthOf(AnyForm, keyLength, valueLength)));
        }
        while (!_allocator.TryTake(
            isMain, flags, exptime, cas, keyLength, valueLength, Evictor.ReserveCount, out item))
        {
            if (!_evictor.TryFreeOne(mayBreakLeases)) return false;
        }
        return true;
    }

    private bool IsSizeOk(int keyLength, uint flags, int valueLength)
    {
        long size = (long)MemcachedOverhead + keyLength + valueLength + (flags != 0 ? MemcachedFlagsSize : 0);
        if (size > _itemSizeMax) return false;
        return (long)Item.LengthOf(AnyForm, keyLength, 0) + valueLength <= _log.SegmentSize;
    }
}
