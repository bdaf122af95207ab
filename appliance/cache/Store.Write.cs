using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>The uploads: reserve, fill, commit or abandon.</summary>
public sealed partial class Store
{
    // memcached's struct item, the cas unique, the NUL after the key, the CR LF, and the flags when they are not 0.
    private const int MemcachedOverhead = 48 + 8 + 1 + 2;
    private const int MemcachedFlagsSize = 4;

    /// <summary>
    /// Takes the place of an item whose data block (<paramref name="valueLength"/> bytes and CR LF) will be given to
    /// <see cref="TryFill"/>. On failure the counters know, and a set's old item is gone, as memcached has it: the
    /// client meant to replace it.
    /// </summary>
    /// <returns>Stored if there is a place, otherwise TooLarge or OutOfMemory.</returns>
    public StoreResult TryReserve(
        StoreMode mode, ReadOnlySpan<byte> key, uint flags, int exptime, int valueLength, out Reservation reservation)
    {
        uint hash = HashOf(key);
        StoreResult result = StoreResult.TooLarge;
        if (IsSizeOk(key.Length, flags, valueLength))
        {
            if (TryAllocate(key.Length, valueLength, mayBreakLeases: true, out Item item))
            {
                item.Header.Hash = hash;
                item.Header.Flags = flags;
                item.Header.Exptime = Lifetime.FromExptime(exptime);
                item.Header.Marks = ItemMarks.Reserved;
                if (mode == StoreMode.Set) item.Header.Marks |= ItemMarks.Replacing;
                key.CopyTo(item.MutableKey);
                reservation = new Reservation(
                    item.Location, _log.Hold(_log.SegmentOf(item.Location)), item.DataBlock.Length);
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
        if (mode == StoreMode.Set && _inventory.TryFindAlive(key, hash, out Item old)) _inventory.Remove(in old);
        return result;
    }

    /// <summary>
    /// Copies the next bytes of the data block into their place. Fails if the reservation was broken; it is void then.
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
            result = Complete(in item, mode, cas);
            bool isPublished = result == StoreResult.Stored && mode is not (StoreMode.Append or StoreMode.Prepend);
            if (!isPublished) _log.Discard(in item);
            _log.Release(_log.SegmentOf(reservation.Location), reservation.Sequence);
        }
        else
        {
            _statistics.StoreNoMemory++;
        }
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
        reservation.IsHeld && reservation.Sequence == _log.Sequence(_log.SegmentOf(reservation.Location));

    private StoreResult Complete(in Item item, StoreMode mode, ulong cas)
    {
        if (!item.DataBlock.Slice(item.ValueLength).SequenceEqual("\r\n"u8)) return StoreResult.BadDataChunk;
        bool exists = _inventory.TryFindAlive(item.Key, item.Header.Hash, out Item old);
        switch (mode)
        {
            case StoreMode.Set:
                break;
            case StoreMode.Add:
                if (!exists) break;
                MarkActive(in old);
                return StoreResult.NotStored;
            case StoreMode.Replace:
                if (!exists) return StoreResult.NotStored;
                break;
            case StoreMode.Append:
            case StoreMode.Prepend:
                return exists ? Join(in item, in old, mode) : StoreResult.NotStored;
            case StoreMode.Cas:
                StoreResult permission = CheckCas(exists, in old, cas);
                if (permission != StoreResult.Stored) return permission;
                break;
            default:
                Invariant.Unreachable();
                break;
        }
        if (exists) _inventory.Remove(in old);
        Publish(in item);
        return StoreResult.Stored;
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
    private StoreResult Join(in Item item, in Item old, StoreMode mode)
    {
        long length = (long)old.ValueLength + item.ValueLength;
        if (length > int.MaxValue || !IsSizeOk(old.Key.Length, old.Flags, (int)length)) return StoreResult.NotStored;

        // The allocation may evict the old item or copy it elsewhere; held, its bytes stay where they are. Those of the
        // new part are held by its reservation.
        int segment = _log.SegmentOf(old.Location);
        uint sequence = _log.Hold(segment);
        StoreResult result = StoreResult.NotStored;
        if (TryAllocate(old.Key.Length, (int)length, mayBreakLeases: false, out Item joined))
        {
            ReadOnlySpan<byte> first = mode == StoreMode.Append ? old.Value : item.Value;
            ReadOnlySpan<byte> second = mode == StoreMode.Append ? item.DataBlock : old.DataBlock;
            joined.Header.Hash = old.Header.Hash;
            joined.Header.Flags = old.Flags;
            joined.Header.Exptime = old.Header.Exptime;
            old.Key.CopyTo(joined.MutableKey);
            first.CopyTo(joined.MutableValue);
            second.CopyTo(joined.MutableValue.Slice(first.Length));
            Supersede(in joined);
            JoinedOctetCount += length;
            result = StoreResult.Stored;
        }
        _log.Release(segment, sequence);
        return result;
    }

    /// <summary>Puts a complete item in the place of the one its key has now, if any.</summary>
    private void Supersede(in Item item)
    {
        if (_inventory.TryFind(item.Key, item.Header.Hash, out Item current)) _inventory.Remove(in current);
        Publish(in item);
    }

    /// <summary>Gives a complete item its place in the index.</summary>
    private void Publish(in Item item)
    {
        item.Header.Marks = ItemMarks.Dead;
        item.Header.Cas = ++_lastCas;
        item.Header.Time = Lifetime.Now;
        item.Header.Generation = Lifetime.Generation;
        _inventory.Add(in item);
    }

    /// <summary>Space for an item, evicting where none is left; dead until somebody marks it otherwise.</summary>
    private bool TryAllocate(int keyLength, int valueLength, bool mayBreakLeases, out Item item)
    {
        // All eviction comes first: it may seal the open segment, and free any that nobody holds.
        item = default;
        if (_log.FreeCount <= Evictor.ReserveCount) _evictor.Pace(_log.Padded(Item.LengthOf(keyLength, valueLength)));
        uint location;
        while (!_log.TryAppend(keyLength, valueLength, out location))
        {
            if (_log.FreeCount > Evictor.ReserveCount) _log.OpenNext();
            else if (!_evictor.TryFreeOne(mayBreakLeases)) return false;
        }
        item = _log.At(location);
        return true;
    }

    private bool IsSizeOk(int keyLength, uint flags, int valueLength)
    {
        long size = (long)MemcachedOverhead + keyLength + valueLength + (flags != 0 ? MemcachedFlagsSize : 0);
        if (size > _itemSizeMax) return false;
        return (long)Item.LengthOf(keyLength, 0) + valueLength <= _log.SegmentSize;
    }

    private static void MarkActive(in Item item) => item.Header.Marks |= ItemMarks.Active;
}
