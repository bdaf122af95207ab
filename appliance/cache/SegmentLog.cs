using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Cache;

/// <summary>
/// The memory of the items: segments of equal size, filled one after the other from front to back. Invariants: exactly
/// one segment is Open; no linked item lies in a Free or Drained one; a segment is reused only without leases.
/// </summary>
/// <remarks>
/// An item's location is its offset in units from the start of the store's memory; the index lies before the segments,
/// so that no item has location 0.
/// <code>
///   memory:   [ index ][ segment 0 ][ segment 1 ][ segment 2 ] ...
///   segment:  [ item ][ item ][ item ][ unused ]
///                                      ^ used
/// </code>
/// </remarks>
internal sealed class SegmentLog
{
    /// <summary>Stands for "no item" in links and buckets.</summary>
    public const uint NoLocation = 0;

    /// <summary>
    /// The open segment, the reserve, two that an operation may need untouched at the same time, and two to evict.
    /// </summary>
    public const int SegmentCountMin = 6;

    private readonly Region _memory;
    private readonly long _start;
    private readonly int _segmentShift;
    private readonly int _unitShift;
    private readonly SegmentState[] _states;
    private readonly uint[] _sequences;
    private readonly int[] _used;
    private readonly int[] _liveBytes;
    private readonly int[] _leaseCounts;
    private SegmentQueue _free;
    private SegmentQueue _sealed;
    private SegmentQueue _sparse;
    private SegmentQueue _drained;

    /// <param name="memory">The store's whole memory.</param>
    /// <param name="start">Where the segments begin.</param>
    /// <param name="segmentSize">A power of two.</param>
    public SegmentLog(Region memory, long start, int segmentSize)
    {
        Invariant.Holds(BitOperations.IsPow2(segmentSize));
        _memory = memory;
        _start = start;
        _segmentShift = BitOperations.Log2((uint)segmentSize);
        _unitShift = UnitShiftFor(memory.Length);
        Invariant.Holds(start > 0);
        Invariant.Holds((start & (Unit - 1)) == 0);

        SegmentCount = (int)((memory.Length - start) >> _segmentShift);
        Invariant.Holds(SegmentCount >= SegmentCountMin);
        _states = new SegmentState[SegmentCount];
        _sequences = new uint[SegmentCount];
        _used = new int[SegmentCount];
        _liveBytes = new int[SegmentCount];
        _leaseCounts = new int[SegmentCount];
        int[] next = new int[SegmentCount];
        int[] previous = new int[SegmentCount];
        _free = new SegmentQueue(next, previous);
        _sealed = new SegmentQueue(next, previous);
        _sparse = new SegmentQueue(next, previous);
        _drained = new SegmentQueue(next, previous);
        for (int segment = 0; segment < SegmentCount; segment++)
        {
            _sequences[segment] = 1;
            _free.Add(segment);
        }
        Open = _free.First;
        Become(Open, SegmentState.Open);
    }

    public int SegmentCount { get; }

    public int SegmentSize => 1 << _segmentShift;

    public int FreeCount => _free.Count;

    /// <summary>How many segments are held by at least one lease or reservation.</summary>
    public int LeasedCount { get; private set; }

    /// <summary>How many leases and reservations were taken back from their holders.</summary>
    public long BrokenLeaseCount { get; private set; }

    /// <summary>The segment that takes new items.</summary>
    public int Open { get; private set; }

    private int Unit => 1 << _unitShift;

    /// <summary>Locations count in units of 8 bytes, or more where 32 bits of those do not reach.</summary>
    public static int UnitShiftFor(long memoryLength)
    {
        int shift = 3;
        while (memoryLength >> shift > uint.MaxValue) shift++;
        return shift;
    }

    /// <summary>The bytes an item takes in its segment, padding included.</summary>
    public int Padded(int itemLength) => (itemLength + Unit - 1) & -Unit;

    public int SegmentOf(uint location) => (int)(((long)location << _unitShift) - _start >> _segmentShift);

    public SegmentState State(int segment) => _states[segment];

    public uint Sequence(int segment) => _sequences[segment];

    public int Used(int segment) => _used[segment];

    public bool IsLeased(int segment) => _leaseCounts[segment] > 0;

    /// <summary>Hot: once per item looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Item At(uint location)
    {
        long offset = (long)location << _unitShift;
        ref ItemHeader header = ref MemoryMarshal.AsRef<ItemHeader>(_memory.Slice(offset, ItemHeader.Size));
        int length = Item.LengthOf(header.KeyLength, header.ValueLength);
        return new Item(ref header, _memory.Slice(offset, length), location);
    }

    /// <summary>The location of the item at <paramref name="offset"/> of a segment.</summary>
    public uint LocationIn(int segment, int offset) =>
        (uint)(_start + ((long)segment << _segmentShift) + offset >> _unitShift);

    /// <summary>The bytes at an offset from the start of the memory.</summary>
    public Span<byte> Octets(long offset, int length) => _memory.Slice(offset, length);

    public long OffsetOf(uint location) => (long)location << _unitShift;

    /// <summary>
    /// Takes space at the end of the open segment and writes there the header of a dead item of these lengths, so that
    /// a walk over the segment finds its way. Fails if the open segment is too full.
    /// </summary>
    public bool TryAppend(int keyLength, int valueLength, out uint location)
    {
        int padded = Padded(Item.LengthOf(keyLength, valueLength));
        int used = _used[Open];
        location = LocationIn(Open, used);
        if (padded > SegmentSize - used) return false;
        _used[Open] = used + padded;
        ref ItemHeader header = ref MemoryMarshal.AsRef<ItemHeader>(
            _memory.Slice((long)location << _unitShift, ItemHeader.Size));
        header = default;
        header.KeyLength = (byte)keyLength;
        header.ValueLength = valueLength;
        return true;
    }

    /// <summary>Ends an item that is not linked. If it was the open segment's last, its space is used again.</summary>
    public void Discard(in Item item)
    {
        item.Header.Marks = ItemMarks.Dead;
        int segment = SegmentOf(item.Location);
        int end = (int)(OffsetOf(item.Location) - OffsetOf(LocationIn(segment, 0))) + Padded(item.Length);
        if (segment == Open && end == _used[segment]) _used[segment] = end - Padded(item.Length);
    }

    /// <summary>Seals the open segment and opens a free one. There is one.</summary>
    public void OpenNext()
    {
        Invariant.Holds(_free.Count > 0);
        Become(Open, SegmentState.Sealed);
        int full = Open;
        Open = _free.First;
        Become(Open, SegmentState.Open);
        Settle(full);
    }

    public void CountLinked(in Item item) => _liveBytes[SegmentOf(item.Location)] += Padded(item.Length);

    public void CountUnlinked(in Item item)
    {
        int segment = SegmentOf(item.Location);
        _liveBytes[segment] -= Padded(item.Length);
        Invariant.Holds(_liveBytes[segment] >= 0);
        Settle(segment);
    }

    /// <summary>Holds a segment; the sequence number says which use of it.</summary>
    public uint Hold(int segment)
    {
        if (_leaseCounts[segment]++ == 0) LeasedCount++;
        return _sequences[segment];
    }

    public void Release(int segment, uint sequence)
    {
        if (sequence != _sequences[segment]) return;
        Invariant.Holds(_leaseCounts[segment] > 0);
        if (--_leaseCounts[segment] > 0) return;
        LeasedCount--;
        Settle(segment);
    }

    /// <summary>
    /// Chooses what to evict: the oldest sparse segment that nobody holds, else the oldest sealed one.
    /// </summary>
    public bool TryBeginEviction(out int segment, out bool isSparse)
    {
        isSparse = TryFirstUnleased(in _sparse, out segment);
        if (!isSparse && !TryFirstUnleased(in _sealed, out segment)) return false;
        Become(segment, SegmentState.Evicting);
        return true;
    }

    /// <summary>Ends the eviction of a segment in which nothing is linked any more.</summary>
    public void EndEviction(int segment)
    {
        Invariant.Holds(_liveBytes[segment] == 0);
        Become(segment, _leaseCounts[segment] > 0 ? SegmentState.Drained : SegmentState.Free);
    }

    /// <summary>
    /// The last resort, when every segment but the open one and the reserve is held: breaks all leases of the first in
    /// the order of eviction. Afterwards there is one more free segment, or one to evict.
    /// </summary>
    /// <remarks>
    /// One that may hold reservations is not freed here, even if nothing in it is linked: the eviction that follows has
    /// to walk it, to find the uploads that lost their places.
    /// </remarks>
    public bool TryBreakLeases()
    {
        int segment = _drained.First;
        if (segment == SegmentQueue.None) segment = _sparse.First;
        if (segment == SegmentQueue.None) segment = _sealed.First;
        if (segment == SegmentQueue.None) return false;
        BrokenLeaseCount += _leaseCounts[segment];
        _leaseCounts[segment] = 0;
        LeasedCount--;
        _sequences[segment]++;
        SegmentState state = _states[segment];
        if (state == SegmentState.Drained) Become(segment, SegmentState.Free);
        else if (state == SegmentState.Sealed && IsSparse(segment)) Become(segment, SegmentState.Sparse);
        return true;
    }

    private bool TryFirstUnleased(in SegmentQueue queue, out int segment)
    {
        segment = queue.First;
        while (segment != SegmentQueue.None && _leaseCounts[segment] > 0) segment = queue.Next(segment);
        return segment != SegmentQueue.None;
    }

    /// <summary>
    /// Draws the consequences when there is less in a segment, or nobody holds it any more. While it is held, uploads may
    /// still fill it: how much of it is alive is not known before.
    /// </summary>
    private void Settle(int segment)
    {
        if (_leaseCounts[segment] > 0) return;
        SegmentState state = _states[segment];
        if (state is not (SegmentState.Sealed or SegmentState.Sparse or SegmentState.Drained)) return;
        if (_liveBytes[segment] == 0) Become(segment, SegmentState.Free);
        else if (state == SegmentState.Sealed && IsSparse(segment)) Become(segment, SegmentState.Sparse);
    }

    private bool IsSparse(int segment) => _liveBytes[segment] <= SegmentSize / 2;

    /// <summary>The one writer of a segment's state.</summary>
    private void Become(int segment, SegmentState next)
    {
        switch (_states[segment])
        {
            case SegmentState.Free:
                Invariant.Holds(next == SegmentState.Open);
                _free.Remove(segment);
                break;
            case SegmentState.Open:
                Invariant.Holds(next == SegmentState.Sealed);
                break;
            case SegmentState.Sealed:
                Invariant.Holds(next is SegmentState.Sparse or SegmentState.Evicting or SegmentState.Free);
                _sealed.Remove(segment);
                break;
            case SegmentState.Sparse:
                Invariant.Holds(next is SegmentState.Evicting or SegmentState.Free);
                _sparse.Remove(segment);
                break;
            case SegmentState.Evicting:
                Invariant.Holds(next is SegmentState.Drained or SegmentState.Free);
                break;
            case SegmentState.Drained:
                Invariant.Holds(next == SegmentState.Free);
                _drained.Remove(segment);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
        _states[segment] = next;
        switch (next)
        {
            case SegmentState.Free:
                _sequences[segment]++;
                _used[segment] = 0;
                _free.Add(segment);
                break;
            case SegmentState.Sealed:
                _sealed.Add(segment);
                break;
            case SegmentState.Sparse:
                _sparse.Add(segment);
                break;
            case SegmentState.Drained:
                _drained.Add(segment);
                break;
            case SegmentState.Open:
            case SegmentState.Evicting:
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }
}
