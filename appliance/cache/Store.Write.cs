using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>The uploads: reserve, fill, commit or abandon.</summary>
public sealed partial class Store
{
    /// <summary>
    /// Takes the place of an item whose value of <paramref name="valueLength"/> bytes will be given to
    /// <see cref="TryFill"/>. On failure the counters know, and a set's old item is gone, as memcached has it: the
    /// client meant to replace it.
    /// </summary>
    /// <returns>Stored if there is a place, otherwise TooLarge or OutOfMemory.</returns>
    public StoreResult TryReserve(
        StoreMode mode,
        ReadOnlySpan<byte> key,
        uint flags,
        int exptime,
        int valueLength,
        out Reservation reservation) =>
        TryReserve(new StoreTerms(mode), key, flags, exptime, valueLength, out reservation);

    /// <summary>As above, for ms: on failure the old item may go in every mode.</summary>
    public StoreResult TryReserve(
        in StoreTerms terms,
        ReadOnlySpan<byte> key,
        uint flags,
        int exptime,
        int valueLength,
        out Reservation reservation)
    {
        bool isReplacing = terms.Mode == StoreMode.Set || terms.EndsOldOnFailure;
        ulong cas = terms.NewCas != 0 ? terms.NewCas : _allocator.LastCas;
        ulong hash = _inventory.HashOf(key);
        StoreResult result = StoreResult.TooLarge;
        if (IsSizeOk(key.Length, flags, valueLength))
        {
            uint second = Lifetime.FromExptime(exptime);
            bool isMain = IsForMain(key, hash, valueLength);
            if (TryAllocate(
                isMain, flags, second, cas, key.Length, valueLength, mayBreakLeases: true, out Item item))
            {
                item.Header.Marks = ItemMarks.Reserved;
                if (isReplacing) item.Header.Marks |= ItemMarks.Replacing;
                key.CopyTo(item.MutableKey);
                reservation = Reserve(in item, hash);
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
        if (isReplacing && _inventory.TryFindAlive(key, hash, out Item old)) _inventory.Remove(in old, hash);
        return result;
    }

    /// <summary>
    /// Copies the next bytes of the value into their place. Fails if the reservation was broken, or no place can be had
    /// for the next piece of a long value; it can only be abandoned then.
    /// </summary>
    public bool TryFill(ref Reservation reservation, ReadOnlySpan<byte> octets)
    {
        Invariant.Holds(octets.Length <= reservation.Missing);
        if (!IsValid(in reservation)) return false;
        Item item = _log.At(reservation.Location);
        if (item.IsChained)
        {
            bool isFilled = TryFillPieces(in item, ref reservation, octets);
            if (!isFilled && IsValid(in reservation)) EndReplaced(in item, reservation.Hash);
            return isFilled;
        }
        octets.CopyTo(item.Tail.Slice(reservation.Filled));
        reservation.Filled += octets.Length;
        FilledOctetCount += octets.Length;
        return true;
    }

    /// <summary>
    /// The key that the reservation is for, until the store's next operation. Fails if the reservation was broken.
    /// </summary>
    public bool TryGetKey(in Reservation reservation, out ReadOnlySpan<byte> key)
    {
        bool isValid = IsValid(in reservation);
        key = isValid ? _log.At(reservation.Location).Key : default;
        return isValid;
    }

    /// <summary>Ends a filled reservation by storing the item, if <paramref name="mode"/> permits it.</summary>
    /// <param name="cas">The cas unique that <see cref="StoreMode.Cas"/> expects.</param>
    public StoreResult Commit(ref Reservation reservation, StoreMode mode, ulong cas)
    {
        var terms = new StoreTerms(mode);
        terms.Cas = cas;
        return Commit(ref reservation, in terms, out _);
    }

    /// <summary>As above, for ms.</summary>
    /// <param name="terms">Those that it was reserved with.</param>
    public StoreResult Commit(ref Reservation reservation, in StoreTerms terms, out StoredItem stored)
    {
        Invariant.Holds(reservation.Missing == 0);
        StoreResult result = StoreResult.OutOfMemory;
        stored = default;
        stored.ValueLength = reservation.Length;
        if (IsValid(in reservation))
        {
            Item item = _log.At(reservation.Location);
            if (!item.IsChained || _log.HasAllPieces(in item))
            {
                result = Complete(in item, in reservation, in terms, ref stored);
            }
            else
            {
                EndReplaced(in item, reservation.Hash);
            }
            // Joining may have broken it.
            if (IsValid(in reservation)) EndReservation(in item, in reservation);
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
            EndReservation(in item, in reservation);
        }
        reservation = default;
    }

    private bool IsValid(in Reservation reservation) =>
        reservation.IsHeld && IsHeld(reservation.Location, reservation.Sequence);

    private Reservation Reserve(in Item item, ulong hash)
    {
        if (item.IsChained)
        {
            // It holds each piece as it comes.
            item.Tail.Clear();
            item.Holds = 1;
        }
        uint sequence = _log.Hold(_log.SegmentOf(item.Location));
        return new Reservation(item.Location, sequence, hash, item.ValueLength);
    }

    /// <summary>A set that fails for want of memory takes the old item along.</summary>
    private void EndReplaced(in Item item, ulong hash)
    {
        if ((item.Header.Marks & ItemMarks.Replacing) == 0) return;
        if (_inventory.TryFind(item.Key, hash, out Item old)) _inventory.Remove(in old, hash);
    }

    /// <summary>Whatever of the item was not published is dead bytes, and nothing is held any more.</summary>
    private void EndReservation(in Item item, in Reservation reservation)
    {
        if (!item.IsLinked)
        {
            if (item.IsChained) DiscardPieces(in item);
            _log.Discard(in item);
        }
        _log.Release(reservation.Location, reservation.Sequence);
    }

    private void DiscardPieces(in Item item)
    {
        Span<Piece> pieces = item.Pieces;
        for (int number = pieces.Length - 1; number >= 0; number--)
        {
            if (pieces[number].Location == SegmentLog.NoLocation || !_log.IsThere(in pieces[number])) continue;
            Item piece = _log.At(pieces[number].Location);
            // They may be part of a published copy.
            if (!piece.IsLinked) _log.Discard(in piece);
        }
    }

    private bool TryFillPieces(in Item item, ref Reservation reservation, ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0)
        {
            int number = reservation.Filled / _log.PieceLengthMax;
            int offset = reservation.Filled - (number * _log.PieceLengthMax);
            if (offset == 0 && !TryAddPiece(in item, in reservation, number)) return false;
            ref Piece piece = ref item.Pieces[number];
            if (!_log.IsThere(in piece)) return false;
            Span<byte> place = _log.At(piece.Location).Tail.Slice(offset);
            int count = Math.Min(place.Length, octets.Length);
            octets.Slice(0, count).CopyTo(place);
            octets = octets.Slice(count);
            reservation.Filled += count;
            FilledOctetCount += count;
        }
        return true;
    }

    private bool TryAddPiece(in Item item, in Reservation reservation, int number)
    {
        int length = Math.Min(reservation.Missing, _log.PieceLengthMax);
        long walked = _statistics.EvictionBytesWalked;
        _evictor.Pace(length);
        _limiter.Settle();
        Item piece;
        while (!_allocator.TryTakePiece(
            IsInMain(in item), item.Exptime, length, reservation.Hash, number, Evictor.ReserveCount, out piece))
        {
            _statistics.DirectReclaims++;
            if (!_evictor.TryFreeOne(mayBreakLeases: true) || !IsValid(in reservation)) return false;
        }
        CountWalked(walked);
        piece.Header.Marks = ItemMarks.Reserved;
        item.Pieces[number] = _log.PieceAt(piece.Location);
        _ = _log.Hold(_log.SegmentOf(piece.Location));
        return true;
    }

    /// <summary>
    /// What was evicted from the small queue not long ago, or replaces an item of the main queue, has proved itself.
    /// </summary>
    private bool IsForMain(ReadOnlySpan<byte> key, ulong hash, int valueLength)
    {
        if (_policy == EvictionPolicy.Lru) return true;
        if (!_inventory.TryFind(key, hash, out Item old))
        {
            return _ghosts.TryTake(hash) && _credits.IsProved((long)ItemHeader.Size + key.Length + valueLength);
        }
        return IsInMain(in old);
    }

    private StoreResult Complete(in Item item, in Reservation reservation, in StoreTerms terms, ref StoredItem stored)
    {
        ulong hash = reservation.Hash;
        uint exptime = item.Exptime;
        ItemMarks marks = ItemMarks.Dead;
        bool exists = _inventory.TryFindAlive(item.Key, hash, out Item old);
        switch (terms.Mode)
        {
            case StoreMode.Set:
                break;
            case StoreMode.Add:
                if (!exists) break;
                old.Credit = _credits.AfterRead(old.Credit, old.TotalLength);
                old.Header.Time = Lifetime.Now;
                return StoreResult.NotStored;
            case StoreMode.Replace:
                if (!exists) return StoreResult.NotStored;
                break;
            case StoreMode.Append:
            case StoreMode.Prepend:
                return exists ? Join(in reservation, in old, in terms, ref stored) : StoreResult.NotStored;
            case StoreMode.AppendOrAdd:
            case StoreMode.PrependOrAdd:
                if (exists) return Join(in reservation, in old, in terms, ref stored);
                break;
            case StoreMode.Cas:
                StoreResult permission = CheckCas(exists, in old, in terms, out bool isStale);
                if (permission != StoreResult.Stored) return permission;
                if (!isStale) break;
                exptime = old.Exptime;
                marks = ItemMarks.Stale | (old.Header.Marks & ItemMarks.Won);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
        stored.Cas = terms.NewCas != 0 ? terms.NewCas : _allocator.NextCas();
        if (TryUsePlace(in item, stored.Cas, exptime))
        {
            Publish(in item, hash, marks, exists, in old);
            return StoreResult.Stored;
        }
        if (TryPublishElsewhere(in item, hash, stored.Cas, exptime, marks)) return StoreResult.Stored;
        EndReplaced(in item, hash);
        stored.Cas = 0;
        return StoreResult.OutOfMemory;
    }

    private StoreResult CheckCas(bool exists, in Item old, in StoreTerms terms, out bool isStale)
    {
        isStale = false;
        if (!exists)
        {
            _statistics.CasMisses++;
            return StoreResult.NotFound;
        }
        // memcached takes 0 for "no cas unique given", so it matches nothing.
        isStale = terms.MayStoreStale && terms.Cas != 0 && terms.Cas < old.Cas;
        if (!isStale && (terms.Cas == 0 || terms.Cas != old.Cas))
        {
            _statistics.CasBadval++;
            return StoreResult.Exists;
        }
        _statistics.CasHits++;
        return StoreResult.Stored;
    }

    /// <summary>append and prepend: a new item of both values, with the flags and the expiry of the old one.</summary>
    private StoreResult Join(in Reservation upload, in Item old, in StoreTerms terms, ref StoredItem stored)
    {
        if (terms.Cas != 0 && terms.Cas != old.Cas) return StoreResult.Exists;
        long length = (long)old.ValueLength + upload.Length;
        if (length > int.MaxValue || !IsSizeOk(old.Key.Length, old.Flags, (int)length)) return StoreResult.NotStored;

        // The allocation may evict the old item or copy it elsewhere; held, its bytes stay where they are. Those of the
        // new part are held by its reservation.
        Lease before = Hold(in old);
        var added = new Lease(upload.Location, upload.Sequence, upload.Length);
        StoreResult result = StoreResult.NotStored;
        ulong cas = terms.NewCas != 0 ? terms.NewCas : _allocator.NextCas();
        bool isMain = IsInMain(in old);
        if (TryAllocate(
            isMain, old.Flags, old.Exptime, cas, old.Key.Length, (int)length, mayBreakLeases: false, out Item item))
        {
            item.Header.Marks = ItemMarks.Reserved;
            old.Key.CopyTo(item.MutableKey);
            Reservation joined = Reserve(in item, upload.Hash);
            bool isAppended = terms.Mode is StoreMode.Append or StoreMode.AppendOrAdd;
            if (TryCopy(ref joined, isAppended ? before : added) && TryCopy(ref joined, isAppended ? added : before)
                && (!item.IsChained || _log.HasAllPieces(in item))
                && TryPublishJoined(in item, upload.Hash, cas))
            {
                JoinedOctetCount += length;
                stored.Cas = cas;
                stored.ValueLength = (int)length;
                result = StoreResult.Stored;
            }
            if (IsValid(in joined)) EndReservation(in item, in joined);
        }
        Release(ref before);
        return result;
    }

    /// <summary>Fills a reservation with a held value. Fails if one of them is broken by that.</summary>
    private bool TryCopy(ref Reservation reservation, Lease source)
    {
        for (int offset = 0; offset < source.Length;)
        {
            if (!TryRead(in source, offset, out ReadOnlySpan<byte> part)) return false;
            if (!TryFill(ref reservation, part)) return false;
            // What was copied is right if the source is there still.
            if (!TryRead(in source, offset, out _)) return false;
            offset += part.Length;
        }
        return true;
    }

    private bool TryPublishJoined(in Item item, ulong hash, ulong cas)
    {
        uint exptime = item.Exptime;
        if (!TryUsePlace(in item, cas, exptime)) return TryPublishElsewhere(in item, hash, cas, exptime, ItemMarks.Dead);
        Publish(in item, hash, ItemMarks.Dead);
        return true;
    }

    /// <summary>
    /// Gives an item whose value has arrived its cas unique and expiry. Fails if a flush_all, or two thousand million
    /// changes, came between, or there is no room for its exptime: its place is not good any more.
    /// </summary>
    private bool TryUsePlace(in Item item, ulong cas, uint exptime) =>
        !_log.IsFlushed(item.Location) && _log.TryUpdate(in item, cas, exptime);

    /// <summary>
    /// Publishes a copy of an item whose place is not good any more. Fails if there is no memory for that.
    /// </summary>
    private bool TryPublishElsewhere(in Item item, ulong hash, ulong cas, uint exptime, ItemMarks marks)
    {
        // The reservation holds the item while the allocation evicts.
        bool isMain = IsInMain(in item);
        if (!TryAllocate(
            isMain, item.Flags, exptime, cas, item.Key.Length, item.ValueLength, mayBreakLeases: false, out Item moved))
        {
            return false;
        }
        Allocator.Copy(in item, in moved);
        Publish(in moved, hash, marks);
        return true;
    }

    /// <summary>Gives a complete item, with these marks, the place of the one that its key has now, if any.</summary>
    private void Publish(in Item item, ulong hash, ItemMarks marks)
    {
        bool exists = _inventory.TryFind(item.Key, hash, out Item current);
        Publish(in item, hash, marks, exists, in current);
    }

    private void Publish(in Item item, ulong hash, ItemMarks marks, bool exists, in Item current)
    {
        item.Header.Marks = marks;
        item.Header.Time = Lifetime.Now;
        _statistics.TotalItems++;
        if (exists)
        {
            item.Credit = current.Credit;
            _inventory.Replace(in current, in item, hash);
        }
        else
        {
            item.Credit = _credits.AtFirst(item.TotalLength);
            _inventory.Add(in item, hash);
        }
        _sizer.Pace(item.TotalLength);
    }

    /// <summary>
    /// Space for an item, evicting where none is left; dead until somebody marks it otherwise. Whatever items the
    /// caller has found may lie elsewhere, or be gone, unless their segments are held.
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
        long walked = _statistics.EvictionBytesWalked;
        _evictor.Pace(_log.Padded(_log.LengthOf(ItemForms.Largest, keyLength, valueLength)));
        _limiter.Settle();
        while (!_allocator.TryTake(
            isMain, flags, exptime, cas, keyLength, valueLength, Evictor.ReserveCount, out item))
        {
            _statistics.DirectReclaims++;
            if (!_evictor.TryFreeOne(mayBreakLeases)) return false;
        }
        CountWalked(walked);
        return true;
    }

    private void CountWalked(long before)
    {
        long walked = _statistics.EvictionBytesWalked - before;
        if (walked > _statistics.EvictionBytesWalkedMax) _statistics.EvictionBytesWalkedMax = walked;
    }

    private bool IsSizeOk(int keyLength, uint flags, int valueLength)
    {
        if (MemcachedSize.Of(keyLength, flags != 0, valueLength) > _itemSizeLimit) return false;
        return _log.LengthOf(ItemForms.Largest, keyLength, valueLength) <= _log.SegmentSize;
    }
}
