using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Cache;

/// <summary>
/// The memory of the items: segments of equal size, each filled from front to back by one stream. Invariants: a stream
/// has at most one Open segment; no linked item lies in a Free or Drained one; a segment is reused only without leases.
/// </summary>
/// <remarks>
/// An item's location is its offset in units from the start of the store's memory; the index lies in the first
/// segments, so that no item has location 0.
/// <code>
///   memory:   [ segment 0: index ][ segment 1 ][ segment 2 ] ...
///   segment:  [ item ][ item ][ item ][ unused ]
///                                      ^ used
/// </code>
/// The life of the segments is in SegmentLog.Life.cs; who keeps them, in SegmentLog.Holds.cs and SegmentLog.Sharing.cs.
/// </remarks>
internal sealed partial class SegmentLog
{
    /// <summary>Stands for "no item" in the index.</summary>
    public const uint NoLocation = 0;

    /// <summary>
    /// The index, an open one of each queue, the reserve, two that an operation may need untouched at the same time,
    /// and two to evict.
    /// </summary>
    public const int SegmentCountMin = 8;

    /// <summary>How far cas uniques may be from each other for one segment to have them without more bytes.</summary>
    private const ulong CasReach = 1UL << 31;

    // A 32nd of a segment: what does not fit any more at its end wastes a 64th of it on average. Not less than what
    // needs a field for its length, so that all chained items have that.
    private const int PieceShift = 5;
    private const int PieceLengthMin = ItemHeader.ShortValueLengthMax + 1;

    private const int WideLengthOffset = ItemHeader.Size + sizeof(uint);

    private readonly Region _memory;
    private readonly int _segmentShift;
    private readonly int _unitShift;
    private readonly Segment[] _segments;
    private readonly Quiescence _reactors;
    private readonly int _owner;
    private readonly PinTable[] _pins;
    private uint _askCount;

    /// <param name="memory">What becomes segments; a rest at its end stays unused.</param>
    /// <param name="segmentSize">A power of two.</param>
    /// <param name="indexCount">Segments at the front that are the index's from the start, at least 1.</param>
    /// <param name="reactors">Those that read it.</param>
    /// <param name="owner">Which of them is the one that writes it.</param>
    public SegmentLog(Region memory, int segmentSize, int indexCount, Quiescence reactors, int owner)
    {
        _reactors = reactors;
        _owner = owner;
        Invariant.Holds(BitOperations.IsPow2(segmentSize));
        Invariant.Holds(indexCount > 0);
        _memory = memory;
        _segmentShift = BitOperations.Log2((uint)segmentSize);
        _unitShift = UnitShiftFor(memory.Length);
        SegmentCount = (int)(memory.Length >> _segmentShift);
        PieceLengthMax = Math.Max(segmentSize >> PieceShift, PieceLengthMin);
        Invariant.Holds(SegmentCount - indexCount >= SegmentCountMin - 1);
        _segments = new Segment[SegmentCount];
        _pins = new PinTable[reactors.ReactorCount - 1];
        for (int i = 0; i < _pins.Length; i++) _pins[i] = new PinTable(SegmentCount);
        _open = new int[Streams.Count];
        for (int stream = 0; stream < Streams.Count; stream++) _open[stream] = SegmentQueue.None;
        int[] next = new int[SegmentCount];
        int[] previous = new int[SegmentCount];
        _free = new SegmentQueue(next, previous);
        _small = new SegmentQueue(next, previous);
        _main = new SegmentQueue(next, previous);
        _sparse = new SegmentQueue(next, previous);
        _drained = new SegmentQueue(next, previous);
        _withheld = new SegmentQueue(next, previous);
        for (int segment = 0; segment < indexCount; segment++) _segments[segment].State = SegmentState.Index;
        // From the top down: those that the index would grow into are used last.
        for (int segment = SegmentCount - 1; segment >= indexCount; segment--)
        {
            _segments[segment].Sequence = 1;
            _free.Add(segment);
        }
    }

    public int SegmentCount { get; }

    public int SegmentSize => 1 << _segmentShift;

    /// <summary>
    /// The longest value that lies in one piece with its key, and the length of the pieces of longer ones.
    /// </summary>
    public int PieceLengthMax { get; }

    /// <summary>Longer items would leave too little for anything else.</summary>
    public long ItemLengthMax => (long)AllowedCount * SegmentSize / 4;

    private int Unit => 1 << _unitShift;

    /// <summary>Locations count in units of 4 bytes, or more where 32 bits of those do not reach.</summary>
    public static int UnitShiftFor(long memoryLength)
    {
        int shift = 2;
        while (memoryLength >> shift > uint.MaxValue) shift++;
        return shift;
    }

    /// <summary>The bytes an item takes in its segment, padding included.</summary>
    public int Padded(int itemLength) => (itemLength + Unit - 1) & -Unit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SegmentOf(uint location) => (int)(location >> (_segmentShift - _unitShift));

    /// <summary>What is known of a segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Segment Info(int segment) => ref _segments[segment];

    /// <summary>Hot: once per item looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Item At(uint location)
    {
        Span<byte> octets = _memory.From((long)location << _unitShift);
        ref ItemHeader header = ref MemoryMarshal.AsRef<ItemHeader>(octets);
        ItemForm form = header.Form;
        int keyOffset = form.PrefixLength();
        int valueLength = header.ShortValueLength;
        int length = keyOffset + header.KeyLength + valueLength;
        if ((form & ItemForm.IsWide) != 0)
        {
            valueLength = MemoryMarshal.Read<int>(octets.Slice(WideLengthOffset));
            length = LengthOf(form, header.KeyLength, valueLength);
        }
        return new Item(this, ref header, octets.Slice(0, length), keyOffset, valueLength, location);
    }

    /// <summary>The bytes of an item in its segment, padding not counted. A key of length 0 is a piece's.</summary>
    public int LengthOf(ItemForm form, int keyLength, int valueLength)
    {
        int length = form.PrefixLength() + keyLength;
        if (keyLength == 0 || valueLength <= PieceLengthMax) return length + valueLength;
        return Piece.Align(length) + Piece.ListLength(valueLength, PieceLengthMax);
    }

    /// <summary>The location of the item at <paramref name="offset"/> of a segment.</summary>
    public uint LocationIn(int segment, int offset) =>
        (uint)((((long)segment << _segmentShift) + offset) >> _unitShift);

    public long OffsetOf(uint location) => (long)location << _unitShift;

    /// <summary>Where an item begins in its segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int OffsetInSegment(uint location) => (int)(OffsetOf(location) & (SegmentSize - 1));

    /// <summary>True for what an immediate flush ended; such items are no longer counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsFlushed(uint location) =>
        OffsetInSegment(location) < _segments[SegmentOf(location)].FlushedBelow;

    /// <summary>Whether an item lies in the main queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMain(uint location) => Streams.IsMain(_segments[SegmentOf(location)].Stream);

    public ulong CasOf(in Item item)
    {
        uint low = item.Header.Cas;
        if ((item.Form & ItemForm.IsWide) != 0) return ((ulong)item.CasHigh << 32) | low;
        return _segments[SegmentOf(item.Location)].CasBase + low;
    }

    /// <summary>Gives an item its cas unique. Fails if its place has too few bytes for it.</summary>
    public bool TrySetCas(in Item item, ulong cas)
    {
        if ((item.Form & ItemForm.IsWide) != 0)
        {
            item.CasHigh = (uint)(cas >> 32);
            item.Header.Cas = (uint)cas;
            return true;
        }
        if (!IsNear(cas, _segments[SegmentOf(item.Location)].CasBase)) return false;
        item.Header.Cas = (uint)(cas - _segments[SegmentOf(item.Location)].CasBase);
        return true;
    }

    /// <summary>When an item expires that has a field for it.</summary>
    public uint ExptimeOf(in Item item)
    {
        if ((item.Form & ItemForm.HasExptime) != 0) return item.Field(item.Form.OffsetOf(ItemForm.HasExptime));
        return NearExptime.Decode(item.NearExptime, _segments[SegmentOf(item.Location)].ExptimeBase);
    }

    /// <summary>Says when an item expires (0 never). Fails if its place has too few bytes for it.</summary>
    public bool TrySetExptime(in Item item, uint exptime)
    {
        ItemForm form = item.Form;
        if ((form & ItemForm.HasExptime) != 0)
        {
            item.Field(form.OffsetOf(ItemForm.HasExptime)) = exptime;
        }
        else if ((form & ItemForm.HasNearExptime) != 0)
        {
            if (!TrySetNearExptime(in item, exptime)) return false;
        }
        else if (exptime != 0)
        {
            return false;
        }
        Outlive(SegmentOf(item.Location), exptime);
        return true;
    }

    /// <summary>
    /// Gives an item another cas unique and expiry. Fails, and does neither, if its place has too few bytes for them.
    /// </summary>
    public bool TryUpdate(in Item item, ulong cas, uint exptime)
    {
        bool hasPlace = (item.Form & ItemForm.IsWide) != 0 || IsNear(cas, _segments[SegmentOf(item.Location)].CasBase);
        return hasPlace && TrySetExptime(in item, exptime) && TrySetCas(in item, cas);
    }

    /// <summary>The smallest form of an item with these properties where a stream would put it now.</summary>
    /// <param name="cas">Its cas unique, or <paramref name="lastCas"/> if it will get one of the next.</param>
    public ItemForm FormFor(int stream, uint flags, uint exptime, ulong cas, ulong lastCas, int valueLength)
    {
        int open = _open[stream];
        bool isOpen = open != SegmentQueue.None;
        bool isWide = valueLength > ItemHeader.ShortValueLengthMax
            || !IsNear(cas, isOpen ? _segments[open].CasBase : BaseFor(lastCas));
        ItemForm form = isWide ? ItemForm.IsWide : ItemForm.None;
        if (flags != 0) form |= ItemForm.HasFlags;
        if (exptime != 0)
        {
            uint exptimeBase = isOpen ? _segments[open].ExptimeBase : 0;
            bool isNear = exptimeBase == 0 || NearExptime.TryEncode(exptime, exptimeBase, out _);
            form |= isNear ? ItemForm.HasNearExptime : ItemForm.HasExptime;
        }
        return form;
    }

    /// <summary>
    /// Takes space at the end of the stream's open segment and writes there the header of a dead item of these lengths,
    /// so that a walk over the segment finds its way. Fails if there is no open segment or it is too full.
    /// </summary>
    public bool TryAppend(int stream, ItemForm form, int keyLength, int valueLength, out uint location)
    {
        location = NoLocation;
        int segment = _open[stream];
        if (segment == SegmentQueue.None) return false;
        ref Segment info = ref _segments[segment];
        int padded = Padded(LengthOf(form, keyLength, valueLength));
        if (padded > SegmentSize - info.Used) return false;
        location = LocationIn(segment, info.Used);
        info.Used += padded;
        long offset = OffsetOf(location);
        MemoryMarshal.AsRef<ItemHeader>(_memory.Slice(offset, ItemHeader.Size)).Begin(keyLength, form, valueLength);
        if ((form & ItemForm.IsWide) != 0)
        {
            MemoryMarshal.Write(_memory.Slice(offset + WideLengthOffset, sizeof(int)), in valueLength);
        }
        return true;
    }

    /// <summary>
    /// Ends an item that is not linked. If it was the last of an open segment, its space is used again.
    /// </summary>
    public void Discard(in Item item)
    {
        item.Header.Marks = ItemMarks.Dead;
        ref Segment info = ref _segments[SegmentOf(item.Location)];
        int padded = Padded(item.Length);
        bool isLast = OffsetInSegment(item.Location) + padded == info.Used;
        // It may have been published and lost its place in the index: others may have seen it.
        if (info.State != SegmentState.Open || !isLast || HasOthers) return;
        info.Used -= padded;
        info.FlushedBelow = Math.Min(info.FlushedBelow, info.Used);
    }

    /// <summary>An item or a piece is part of the store now.</summary>
    public void Link(in Item item)
    {
        item.Header.Marks |= ItemMarks.Linked;
        _segments[SegmentOf(item.Location)].LiveBytes += Padded(item.Length);
    }

    /// <summary>An item or a piece is not part of the store any more.</summary>
    public void Unlink(in Item item)
    {
        Invariant.Holds(item.IsLinked);
        item.Header.Marks = ItemMarks.Dead;
        int segment = SegmentOf(item.Location);
        _segments[segment].LiveBytes -= Padded(item.Length);
        Invariant.Holds(_segments[segment].LiveBytes >= 0);
        Settle(segment);
    }

    /// <summary>Says that something in the segment is alive until <paramref name="exptime"/> (0 for ever).</summary>
    public void Outlive(int segment, uint exptime)
    {
        uint expiresAt = exptime == 0 ? uint.MaxValue : exptime;
        if (expiresAt > _segments[segment].ExpiresAt) _segments[segment].ExpiresAt = expiresAt;
    }

    private bool TrySetNearExptime(in Item item, uint exptime)
    {
        ref uint exptimeBase = ref _segments[SegmentOf(item.Location)].ExptimeBase;
        if (exptimeBase == 0 && exptime > Lifetime.LongPast) exptimeBase = NearExptime.BaseFor(exptime);
        if (!NearExptime.TryEncode(exptime, exptimeBase, out ushort near)) return false;
        item.NearExptime = near;
        return true;
    }

    private static bool IsNear(ulong cas, ulong casBase) => cas >= casBase && cas - casBase <= uint.MaxValue;

    private static ulong BaseFor(ulong lastCas) => lastCas > CasReach ? lastCas - CasReach : 0;
}
