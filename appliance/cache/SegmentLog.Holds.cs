using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// The owner's leases and reservations: what keeps a segment as it is while somebody reads from it or fills it.
/// </summary>
internal sealed partial class SegmentLog
{
    /// <summary>How many segments are held by at least one lease or reservation.</summary>
    public int HeldCount { get; private set; }

    /// <summary>How many leases and reservations were taken back from their holders.</summary>
    public long BrokenLeaseCount { get; private set; }

    public bool IsHeld(int segment) => _segments[segment].HoldCount > 0 || IsPinned(segment);

    /// <summary>
    /// Holds the segment of an item, and those of its pieces. The sequence number says which use of it.
    /// </summary>
    public uint Hold(in Item item)
    {
        if (item.IsChained && item.Holds++ == 0)
        {
            Span<Piece> pieces = item.Pieces;
            for (int i = 0; i < pieces.Length; i++) _ = Hold(SegmentOf(pieces[i].Location));
        }
        return Hold(SegmentOf(item.Location));
    }

    /// <summary>Gives back what <see cref="Hold(in Item)"/> has taken; nothing if that was broken.</summary>
    public void Release(uint location, uint sequence)
    {
        int segment = SegmentOf(location);
        if (sequence != _segments[segment].Sequence) return;
        Item item = At(location);
        if (item.IsChained && --item.Holds == 0) ReleasePieces(in item);
        Release(segment);
    }

    /// <summary>Holds a segment for a piece of an item that is held.</summary>
    public uint Hold(int segment)
    {
        if (_segments[segment].HoldCount++ == 0) HeldCount++;
        return _segments[segment].Sequence;
    }

    /// <summary>Whether the pieces of an item that is held are all where they were put.</summary>
    public bool HasAllPieces(in Item item)
    {
        Span<Piece> pieces = item.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (!IsThere(in pieces[i])) return false;
        }
        return true;
    }

    /// <summary>What an item notes of a piece that was just put somewhere.</summary>
    public Piece PieceAt(uint location)
    {
        Piece piece = default;
        piece.Location = location;
        piece.Sequence = _segments[SegmentOf(location)].Sequence;
        return piece;
    }

    public bool IsThere(in Piece piece) => piece.Sequence == _segments[SegmentOf(piece.Location)].Sequence;

    /// <summary>Of a held item in a segment whose leases were broken: lets go of its pieces.</summary>
    public void BreakHolds(in Item item)
    {
        if (item.Holds == 0) return;
        item.Holds = 0;
        ReleasePieces(in item);
    }

    /// <summary>
    /// The last resort, when every segment but the open ones and the reserve is held: breaks all leases of the first in
    /// the order of eviction, and begins its eviction. Nothing in it may be spared.
    /// </summary>
    public bool TryBreakLeases(out int segment)
    {
        segment = FirstHeld(in _drained);
        if (segment == SegmentQueue.None) segment = FirstHeld(in _sparse);
        if (segment == SegmentQueue.None) segment = FirstHeld(in _small);
        if (segment == SegmentQueue.None) segment = FirstHeld(in _main);
        if (segment == SegmentQueue.None) return false;
        ref Segment info = ref _segments[segment];
        BrokenLeaseCount += info.HoldCount;
        HeldCount--;
        info.HoldCount = 0;
        info.Sequence++;
        Become(segment, SegmentState.Evicting);
        return true;
    }

    /// <summary>Gives back a hold on a segment.</summary>
    public void Release(int segment)
    {
        ref Segment info = ref _segments[segment];
        Invariant.Holds(info.HoldCount > 0);
        if (--info.HoldCount > 0) return;
        HeldCount--;
        Settle(segment);
    }

    private void ReleasePieces(in Item item)
    {
        Span<Piece> pieces = item.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            // An upload that was given up has places for pieces that never came.
            if (pieces[i].Location != NoLocation && IsThere(in pieces[i])) Release(SegmentOf(pieces[i].Location));
        }
    }

    private int FirstHeld(in SegmentQueue queue)
    {
        int segment = queue.First;
        while (segment != SegmentQueue.None && _segments[segment].HoldCount == 0) segment = queue.Next(segment);
        return segment;
    }

    private int FirstNotHeld(in SegmentQueue queue)
    {
        int segment = queue.First;
        while (segment != SegmentQueue.None && _segments[segment].HoldCount > 0) segment = queue.Next(segment);
        return segment;
    }
}
