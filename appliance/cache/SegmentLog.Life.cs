using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>The life of the segments: opened, sealed, held, evicted, lent to the index.</summary>
internal sealed partial class SegmentLog
{
    // What is dead at the end of a queue is passed, but not for ever: then the segment's own age will do.
    private const int EndVisitMax = 1000;

    private readonly int[] _open;
    private SegmentQueue _free;
    private SegmentQueue _small;
    private SegmentQueue _main;
    private SegmentQueue _sparse;
    private SegmentQueue _drained;
    private ulong _lastSerial;
    private int _scanned;

    public int FreeCount => _free.Count;

    /// <summary>How often a segment whose turn it was to be evicted was passed over because it was held.</summary>
    public long PassedOverCount { get; set; }

    /// <summary>Sealed segments of the small queue; of the main queue.</summary>
    public int SmallCount => _small.Count;

    public int MainCount => _main.Count;

    /// <summary>Segments that are the index's.</summary>
    public int IndexCount
    {
        get
        {
            int count = 0;
            while (count < SegmentCount && _segments[count].State == SegmentState.Index) count++;
            return count;
        }
    }

    /// <summary>
    /// The second in which the oldest segment of the small queue was opened, or <paramref name="now"/>.
    /// </summary>
    public uint SmallOpenedAt(uint now) => _small.Count > 0 ? _segments[_small.First].OpenedAt : now;

    /// <summary>
    /// The last read or store of the item that is at the end of a queue: the first one that is linked in its oldest
    /// segment, or in the oldest that is being filled if there is no full one. <paramref name="now"/> if there is none.
    /// </summary>
    public uint TimeAtEnd(bool isMain, uint now)
    {
        int oldest = isMain ? _main.First : _small.First;
        for (int stream = 0; oldest == SegmentQueue.None && stream < Streams.Count; stream++)
        {
            if (Streams.IsMain(stream) == isMain) oldest = OlderOf(oldest, _open[stream]);
        }
        if (oldest == SegmentQueue.None) return now;
        int visited = 0;
        for (int offset = 0; offset < _segments[oldest].Used && visited < EndVisitMax; visited++)
        {
            Item item = At(LocationIn(oldest, offset));
            if (item.IsLinked && !item.IsPiece && !IsFlushed(item.Location)) return item.Time;
            offset += Padded(item.Length);
        }
        return _segments[oldest].OpenedAt;
    }

    /// <summary>Seals the stream's open segment, if it has one, and opens a free one. There is one.</summary>
    public void OpenNext(int stream, uint now, ulong lastCas)
    {
        Invariant.Holds(_free.Count > 0);
        int full = _open[stream];
        if (full != SegmentQueue.None) Become(full, SegmentState.Sealed);
        int segment = _free.First;
        _open[stream] = segment;
        Become(segment, SegmentState.Open);
        ref Segment info = ref _segments[segment];
        info.Stream = (byte)stream;
        info.Serial = ++_lastSerial;
        info.OpenedAt = now;
        info.ExpiresAt = 0;
        info.CasBase = BaseFor(lastCas);
        info.ExptimeBase = 0;
        info.FlushedBelow = 0;
        if (full != SegmentQueue.None) Settle(full);
    }

    /// <summary>
    /// Seals the open segments of the victim's queue that were opened before it: a stream that hardly anybody writes to
    /// must not keep its items longer than others.
    /// </summary>
    public void SealOlderThan(int victim)
    {
        bool isMain = Streams.IsMain(_segments[victim].Stream);
        for (int stream = 0; stream < Streams.Count; stream++)
        {
            int segment = _open[stream];
            if (segment == SegmentQueue.None || Streams.IsMain(stream) != isMain) continue;
            if (_segments[segment].Serial < _segments[victim].Serial) Seal(segment);
        }
    }

    /// <summary>
    /// Seals the oldest open segment that nobody holds: when there is no other to evict. Fails if there is none.
    /// </summary>
    public bool TrySealOldest()
    {
        int oldest = SegmentQueue.None;
        for (int stream = 0; stream < Streams.Count; stream++)
        {
            int segment = _open[stream];
            if (segment != SegmentQueue.None && !IsHeld(segment)) oldest = OlderOf(oldest, segment);
        }
        if (oldest == SegmentQueue.None) return false;
        Seal(oldest);
        return true;
    }

    /// <summary>flush_all: every item that there is now has ended.</summary>
    public void FlushAll()
    {
        for (int segment = 0; segment < SegmentCount; segment++)
        {
            ref Segment info = ref _segments[segment];
            info.FlushedBelow = info.Used;
            if (info.State == SegmentState.Sealed && info.HoldCount == 0) Become(segment, SegmentState.Sparse);
        }
    }

    /// <summary>
    /// Looks at the next few segments for those in which everything has expired, and makes them the next to go.
    /// </summary>
    public void ScanExpired(uint now, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _scanned = _scanned + 1 < SegmentCount ? _scanned + 1 : 0;
            ref Segment info = ref _segments[_scanned];
            if (info.ExpiresAt > now || info.HoldCount > 0) continue;
            if (info.State == SegmentState.Sealed) Become(_scanned, SegmentState.Sparse);
        }
    }

    /// <summary>The oldest sparse segment that nobody holds.</summary>
    public bool TryFirstSparse(out int segment) => TryFirstUnheld(in _sparse, out segment);

    /// <summary>The oldest segment of a queue that nobody holds.</summary>
    public bool TryFirst(bool isMain, out int segment) =>
        isMain ? TryFirstUnheld(in _main, out segment) : TryFirstUnheld(in _small, out segment);

    /// <summary>Begins the eviction of a Sealed or Sparse segment.</summary>
    public void BeginEviction(int segment) => Become(segment, SegmentState.Evicting);

    /// <summary>Ends the eviction of a segment in which nothing is linked any more.</summary>
    public void EndEviction(int segment)
    {
        Invariant.Holds(_segments[segment].LiveBytes == 0);
        Drain(segment);
    }

    /// <summary>
    /// Gives a free segment, or a withheld one, to the index. Any other is prepared for that: false, and it may be
    /// asked for again when it has been evicted.
    /// </summary>
    public bool TryLend(int segment)
    {
        if (_segments[segment].State == SegmentState.Open) Seal(segment);
        if (_segments[segment].State is not (SegmentState.Free or SegmentState.Withheld)) return false;
        Become(segment, SegmentState.Index);
        return true;
    }

    /// <summary>Takes a segment back from the index.</summary>
    public void TakeBack(int segment) => Drain(segment);

    private void Seal(int segment)
    {
        _open[_segments[segment].Stream] = SegmentQueue.None;
        Become(segment, SegmentState.Sealed);
        Settle(segment);
    }

    private bool TryFirstUnheld(in SegmentQueue queue, out int segment)
    {
        segment = queue.First;
        while (segment != SegmentQueue.None && IsHeld(segment))
        {
            PassedOverCount++;
            segment = queue.Next(segment);
        }
        return segment != SegmentQueue.None;
    }

    /// <summary>
    /// Draws the consequences when there is less in a segment, or nobody holds it any more. While it is held, uploads
    /// may still fill it: how much of it is alive is not known before.
    /// </summary>
    private void Settle(int segment)
    {
        if (_segments[segment].HoldCount > 0) return;
        SegmentState state = _segments[segment].State;
        if (state == SegmentState.Drained) TryFree(segment);
        if (state is not (SegmentState.Sealed or SegmentState.Sparse)) return;
        if (_segments[segment].LiveBytes == 0) Drain(segment);
        else if (state == SegmentState.Sealed && IsSparse(segment)) Become(segment, SegmentState.Sparse);
    }

    /// <summary>
    /// Nothing in it can be found any more: it is free as soon as nobody reads what was found before.
    /// </summary>
    private void Drain(int segment)
    {
        if (!HasOthers && _segments[segment].HoldCount == 0)
        {
            Become(segment, SegmentState.Free);
            return;
        }
        if (HasOthers) _segments[segment].DrainedAt = _reactors.Begin();
        Become(segment, SegmentState.Drained);
        TryFree(segment);
    }

    private void TryFree(int segment)
    {
        // In this order: who has passed has pinned before what he keeps.
        if (_segments[segment].HoldCount > 0 || !_reactors.HavePassed(_segments[segment].DrainedAt, _owner)) return;
        Shared.Step();
        if (!IsPinned(segment)) Become(segment, SegmentState.Free);
    }

    private int OlderOf(int one, int other)
    {
        if (one == SegmentQueue.None || other == SegmentQueue.None) return one == SegmentQueue.None ? other : one;
        return _segments[one].Serial < _segments[other].Serial ? one : other;
    }

    private bool IsSparse(int segment) => _segments[segment].LiveBytes <= SegmentSize / 2;

    private ref SegmentQueue QueueOf(int segment)
    {
        if (Streams.IsMain(_segments[segment].Stream)) return ref _main;
        return ref _small;
    }

    /// <summary>The one writer of a segment's state.</summary>
    private void Become(int segment, SegmentState next)
    {
        Leave(segment, next);
        _segments[segment].State = next;
        switch (next)
        {
            case SegmentState.Free:
                _segments[segment].Sequence++;
                _segments[segment].Used = 0;
                _segments[segment].IsAskedBack = false;
                _free.Add(segment);
                break;
            case SegmentState.Sealed:
                QueueOf(segment).Add(segment);
                break;
            case SegmentState.Sparse:
                _sparse.Add(segment);
                break;
            case SegmentState.Drained:
                _drained.Add(segment);
                break;
            case SegmentState.Withheld:
                _withheld.Add(segment);
                break;
            case SegmentState.Open:
            case SegmentState.Evicting:
            case SegmentState.Index:
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    private void Leave(int segment, SegmentState next)
    {
        switch (_segments[segment].State)
        {
            case SegmentState.Free:
                Invariant.Holds(next is SegmentState.Open or SegmentState.Index or SegmentState.Withheld);
                _free.Remove(segment);
                break;
            case SegmentState.Withheld:
                Invariant.Holds(next is SegmentState.Free or SegmentState.Index);
                _withheld.Remove(segment);
                break;
            case SegmentState.Open:
                Invariant.Holds(next == SegmentState.Sealed);
                break;
            case SegmentState.Sealed:
                Invariant.Holds(next is not (SegmentState.Open or SegmentState.Sealed or SegmentState.Index));
                QueueOf(segment).Remove(segment);
                break;
            case SegmentState.Sparse:
                Invariant.Holds(next is SegmentState.Evicting or SegmentState.Drained or SegmentState.Free);
                _sparse.Remove(segment);
                break;
            case SegmentState.Evicting:
                Invariant.Holds(next is SegmentState.Drained or SegmentState.Free);
                break;
            case SegmentState.Drained:
                Invariant.Holds(next is SegmentState.Free or SegmentState.Evicting);
                _drained.Remove(segment);
                break;
            case SegmentState.Index:
                Invariant.Holds(next is SegmentState.Drained or SegmentState.Free);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }
}
