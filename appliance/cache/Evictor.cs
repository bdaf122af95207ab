using System;

namespace Memcachier.Cache;

/// <summary>
/// Makes free segments out of full ones. What is alive in a sparse segment is copied to an open one; when there are
/// only dense segments, one is evicted as <see cref="EvictionPolicy"/> says: items that were read are copied, the
/// others are gone.
/// </summary>
/// <remarks>
/// It walks the victim an allocation's worth at a time, so that small items hardly ever pay for a whole segment. One
/// free segment is the reserve: what is spared has a place. Whoever finds no place in spite of that walks a victim to
/// its end, in haste: nothing is spared that would need the reserve, so one victim is enough.
/// </remarks>
internal sealed class Evictor
{
    /// <summary>Free segments that allocations leave alone.</summary>
    public const int ReserveCount = 1;

    /// <summary>
    /// Bytes walked for each byte allocated: there is room for it even if all but a sixteenth is spared.
    /// </summary>
    public const int PaceFactor = 16;

    // Beyond the reserve, so many segments are wanted free that a run of victims in which all is spared does no harm.
    private const int FreeShare = 512;

    // What is drained is free a round later: so many more, but not more than a 16th.
    private const int FreeForOthersMax = 4;
    private const int FreeForOthersShare = 16;

    /// <summary>The small queue's share of all segments, in percent: above it, it is evicted from.</summary>
    private const int SmallPercent = 10;

    /// <summary>The credit with which an item leaves the small queue for the main one.</summary>
    private const int ProvedCredit = 2;

    private readonly SegmentLog _log;
    private readonly Inventory _inventory;
    private readonly Allocator _allocator;
    private readonly GhostTable _ghosts;
    private readonly Lifetime _lifetime;
    private readonly Statistics _statistics;
    private readonly Credits _credits;
    private readonly EvictionPolicy _policy;
    private readonly int _wantedFreeCount;
    private int _victim = SegmentQueue.None;
    private int _wanted = SegmentQueue.None;
    private int _cursor;
    private ulong _sparedHash;
    private bool _isSparse;
    private bool _isBroken;
    private bool _isMain;
    private bool _isHasty;

    public Evictor(
        SegmentLog log,
        Inventory inventory,
        Allocator allocator,
        GhostTable ghosts,
        Credits credits,
        Lifetime lifetime,
        Statistics statistics,
        EvictionPolicy policy)
    {
        _log = log;
        _inventory = inventory;
        _allocator = allocator;
        _ghosts = ghosts;
        _credits = credits;
        _lifetime = lifetime;
        _statistics = statistics;
        _policy = policy;
        int others = log.HasOthers ? Math.Min(FreeForOthersMax, log.SegmentCount / FreeForOthersShare) : 0;
        _wantedFreeCount = ReserveCount + Math.Max(1, log.SegmentCount / FreeShare) + others;
    }

    /// <summary>As many free segments are wanted whatever the limit of the memory.</summary>
    public int FreeCountKept => _wantedFreeCount;

    /// <summary>
    /// Called for each allocation. While fewer segments are free than wanted, it walks a victim: at this pace there is
    /// one before the open segment is full, although what is spared needs room too.
    /// </summary>
    public void Pace(int allocated)
    {
        int budget = PaceFactor * allocated;
        // What is to be withheld is walked at the same pace.
        int wanted = _wantedFreeCount;
        if (_log.IsLimitPending) wanted += _log.MissingWithheld;
        if (_log.FreeCount <= wanted) _log.FreeDrained();
        while (budget > 0 && _log.FreeCount <= wanted && HasVictim()) budget -= Walk(budget);
    }

    /// <summary>
    /// Walks as far in one victim, whether free segments are wanted or not; how far, 0 if there is none.
    /// </summary>
    public int WalkOn(int budget) => HasVictim() ? Walk(budget) : 0;

    /// <summary>
    /// Walks a victim to its end: a segment is free then, unless somebody has begun to hold it meanwhile. Fails only if
    /// leases hold all of them.
    /// </summary>
    /// <param name="mayBreakLeases">Whether to take leases back rather than fail.</param>
    public bool TryFreeOne(bool mayBreakLeases)
    {
        if (_log.TryAwaitFree(isPinned: false)) return true;
        if (!HasVictim() && !TryChooseHeld(mayBreakLeases))
        {
            if (_log.TryAwaitFree(isPinned: true)) return true;
            // Of few segments, each that nobody holds may be the open one of a stream.
            if (!_log.TrySealOldest()) return false;
            if (!HasVictim()) return true;
        }
        _isHasty = true;
        _ = Walk(int.MaxValue);
        _isHasty = false;
        return true;
    }

    /// <summary>Drops what has expired, up to some bytes of segments in which everything has.</summary>
    public void ReclaimExpired(int budget)
    {
        if (_victim == SegmentQueue.None)
        {
            if (!_log.TryFirstSparse(out int segment)) return;
            if (_log.Info(segment).ExpiresAt > _lifetime.Now && _log.Info(segment).FlushedBelow == 0) return;
            Begin(segment, isSparse: true);
        }
        _ = Walk(budget);
    }

    /// <summary>Asks for a certain segment to be the next victim, if it can be one.</summary>
    public void Want(int segment) => _wanted = segment;

    /// <summary>The free segments that what is spared has to leave alone.</summary>
    private int Reserve => _isHasty ? ReserveCount : 0;

    private bool HasVictim() => _victim != SegmentQueue.None || TryChoose();

    private bool TryChoose()
    {
        if (_wanted != SegmentQueue.None)
        {
            int wanted = _wanted;
            _wanted = SegmentQueue.None;
            bool isFull = _log.Info(wanted).State is SegmentState.Sealed or SegmentState.Sparse;
            if (isFull && !_log.IsHeld(wanted))
            {
                Begin(wanted, _log.Info(wanted).State == SegmentState.Sparse);
                return true;
            }
        }
        if (_log.TryFirstSparse(out int segment))
        {
            Begin(segment, isSparse: true);
            return true;
        }
        bool isMainFirst = _policy == EvictionPolicy.Lru
            || _log.SmallCount * 100L < (long)_log.UsedCount * SmallPercent;
        if (!_log.TryFirst(isMainFirst, out segment) && !_log.TryFirst(!isMainFirst, out segment)) return false;
        Begin(segment, isSparse: false);
        return true;
    }

    /// <summary>
    /// When somebody holds every segment: one that other reactors have pinned, unless there is one already that is
    /// empty and that they can be asked for, or else one of which the leases are broken.
    /// </summary>
    private bool TryChooseHeld(bool mayBreakLeases)
    {
        if (_log.TryFirstDrained(isPinned: true, out _)) return false;
        if (_log.TryFirstPinned(out int pinned))
        {
            Begin(pinned, isSparse: false);
            return true;
        }
        if (!mayBreakLeases || !_log.TryBreakLeases(out int broken)) return false;
        Enter(broken, isSparse: false);
        _isBroken = true;
        return true;
    }

    private void Begin(int segment, bool isSparse)
    {
        Enter(segment, isSparse);
        _ghosts.SetItemCount(_statistics.CurrItems);
        if (!isSparse && !_isMain) _statistics.SmallQueueSeconds = _lifetime.Now - _log.Info(segment).OpenedAt;
        if (!isSparse) _log.SealOlderThan(segment);
        _log.BeginEviction(segment);
    }

    private void Enter(int segment, bool isSparse)
    {
        _victim = segment;
        _isSparse = isSparse;
        _isBroken = false;
        _isMain = Streams.IsMain(_log.Info(segment).Stream);
        _cursor = 0;
    }

    /// <summary>Goes on in the victim; how far, in bytes.</summary>
    private int Walk(int budget)
    {
        int used = _log.Info(_victim).Used;
        int start = _cursor;
        while (_cursor - start < budget && _cursor < used)
        {
            Item item = _log.At(_log.LocationIn(_victim, _cursor));
            _cursor += _log.Padded(item.Length);
            Visit(in item);
        }
        int walked = _cursor - start;
        _statistics.EvictionBytesWalked += walked;
        if (_cursor == used)
        {
            int victim = _victim;
            _victim = SegmentQueue.None;
            _log.EndEviction(victim);
        }
        return walked;
    }

    private void Visit(in Item entry)
    {
        if (_isBroken && entry.IsChained) _log.BreakHolds(in entry);
        if (entry.IsLinked && entry.IsPiece) VisitPiece(in entry);
        else if (entry.IsLinked) VisitItem(in entry);
        else if ((entry.Header.Marks & ItemMarks.Reserved) != 0) DropBroken(in entry);
    }

    private void VisitItem(in Item item)
    {
        ulong hash = _inventory.HashOf(item.Key);
        if (!IsAlive(in item, hash)) return;
        int length = _log.Padded(item.Length);
        bool toMain = _isMain || !_isSparse;
        if (CanSpare(in item, hash, out int credit) && TryMove(in item, hash, credit, toMain)) CountMoved(length);
        else Evict(in item, hash);
    }

    /// <summary>
    /// A piece goes where its owner goes, which is written anew for that. If it cannot, all of the item goes.
    /// </summary>
    private void VisitPiece(in Item piece)
    {
        ulong hash = Piece.HashOf(in piece);
        Item owner = _inventory.OwnerOf(in piece);
        if (!IsAlive(in owner, hash)) return;
        int length = _log.Padded(piece.Length);
        bool toMain = !_isSparse || IsInMain(in owner);
        bool isSpared = !_isBroken && !_isHasty && WasSpared(in piece, in owner, hash);
        int credit = owner.Credit;
        // Who has thousands of pieces would be written anew thousands of times.
        bool isWorthIt = _isSparse || owner.Length <= piece.Length;
        if (isWorthIt
            && (isSpared || CanSpare(in owner, hash, out credit))
            && TryMovePiece(in piece, in owner, hash, credit, toMain))
        {
            CountMoved(length);
        }
        else
        {
            Evict(in owner, hash);
        }
    }

    /// <summary>
    /// Whether this round has already spared the item that a piece is part of. What the small queue spares is in the
    /// main one at once. There, an item is judged, and pays, when its first piece is looked at, unless the item itself
    /// was just before that; the other pieces follow. That the item lies further on says little: it is written anew
    /// with each piece.
    /// </summary>
    private bool WasSpared(in Item piece, in Item owner, ulong hash)
    {
        if (!IsInMain(in owner)) return false;
        if (!_isMain) return true;
        bool isFurtherOn = _log.Info(_log.SegmentOf(owner.Location)).Serial > _log.Info(_victim).Serial;
        return isFurtherOn && (Piece.NumberOf(in piece) > 0 || hash == _sparedHash);
    }

    private bool IsInMain(in Item item) => Streams.IsMain(_log.Info(_log.SegmentOf(item.Location)).Stream);

    private bool IsAlive(in Item item, ulong hash)
    {
        _statistics.ItemsWalked++;
        ItemFate fate = _inventory.Judge(in item);
        if (fate == ItemFate.Alive) return true;
        _statistics.Reclaimed++;
        if (fate == ItemFate.Expired && !item.IsFetched) _statistics.ExpiredUnfetched++;
        _inventory.Remove(in item, hash);
        return false;
    }

    /// <summary>Whether an item deserves to be copied, and what credit it has left then.</summary>
    private bool CanSpare(in Item item, ulong hash, out int credit)
    {
        credit = item.Credit;
        if (_isBroken) return false;
        if (_isSparse) return true;
        if (_isHasty) return false;
        if (credit < (_isMain ? 1 : ProvedCredit)) return false;
        _sparedHash = hash;
        if (!_isMain) credit = _credits.AtFirst(item.TotalLength);
        else credit = _policy == EvictionPolicy.S3Fifo ? credit - 1 : 0;
        return true;
    }

    private bool TryMove(in Item item, ulong hash, int credit, bool toMain)
    {
        if (!_allocator.TryCopy(in item, toMain, item.Exptime, Reserve, out Item copy)) return false;
        Move(in item, in copy, hash, credit);
        return true;
    }

    private bool TryMovePiece(in Item piece, in Item owner, ulong hash, int credit, bool toMain)
    {
        Span<byte> data = piece.Tail;
        int number = Piece.NumberOf(in piece);
        if (!_allocator.TryTakePiece(toMain, owner.Exptime, data.Length, hash, number, Reserve, out Item moved))
        {
            return false;
        }
        // The copy of the owner may need the next segment. The one of the piece is sealed then, and must not count as
        // empty.
        int segment = _log.SegmentOf(moved.Location);
        _ = _log.Hold(segment);
        if (!_allocator.TryCopy(in owner, toMain, owner.Exptime, Reserve, out Item copy))
        {
            _log.Discard(in moved);
            _log.Release(segment);
            return false;
        }
        data.CopyTo(moved.Tail);
        copy.Pieces[number] = _log.PieceAt(moved.Location);
        _log.Link(in moved);
        _log.Release(segment);
        _log.Unlink(in piece);
        Move(in owner, in copy, hash, credit);
        return true;
    }

    private void Move(in Item item, in Item copy, ulong hash, int credit)
    {
        copy.Header.Marks = item.Header.Marks & ~ItemMarks.Linked;
        copy.Credit = credit;
        copy.Header.Time = item.Time;
        _inventory.Move(in item, in copy, hash);
    }

    private void CountMoved(int length)
    {
        if (_isSparse) _statistics.ItemsCompacted++;
        else if (_isMain) _statistics.MovesWithinLru++;
        else _statistics.MovesToWarm++;
        _statistics.OctetsMoved += length;
    }

    private void Evict(in Item item, ulong hash)
    {
        if (_isHasty) _statistics.EvictedInHaste++;
        _inventory.CountEvicted(in item);
        if (!_isMain) _ghosts.Add(hash);
        _inventory.Remove(in item, hash);
    }

    /// <summary>
    /// An upload whose reservation was broken will be answered with an error. The item that a set was to replace goes,
    /// as after any set that fails for want of memory; the other commands leave it.
    /// </summary>
    private void DropBroken(in Item item)
    {
        bool isReplacing = (item.Header.Marks & ItemMarks.Replacing) != 0;
        item.Header.Marks = ItemMarks.Dead;
        if (!isReplacing || item.IsPiece) return;
        ulong hash = _inventory.HashOf(item.Key);
        if (_inventory.TryFind(item.Key, hash, out Item old)) _inventory.Remove(in old, hash);
    }
}
