using System.Threading;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// What other reactors keep: drained segments until they have passed a quiescent point, and longer what they have
/// pinned.
/// </summary>
internal sealed partial class SegmentLog
{
    // Some ten milliseconds: a reactor's round takes a fraction of one.
    private const int WaitMax = 1 << 18;

    /// <summary>Whether there are reactors besides the owner.</summary>
    public bool HasOthers => _pins.Length > 0;

    /// <summary>How often the owner has asked for pins.</summary>
    public uint AskCount => Volatile.Read(ref _askCount);

    public bool IsAskedBack(int segment) => Volatile.Read(ref _segments[segment].IsAskedBack);

    /// <summary>The pins of another reactor.</summary>
    public PinTable PinsOf(int reactor)
    {
        Invariant.Holds(reactor != _owner);
        return _pins[reactor < _owner ? reactor : reactor - 1];
    }

    /// <summary>Frees what was drained and nobody can be reading any more.</summary>
    public void FreeDrained()
    {
        int segment = HasOthers ? _drained.First : SegmentQueue.None;
        while (segment != SegmentQueue.None)
        {
            int next = _drained.Next(segment);
            TryFree(segment);
            segment = next;
        }
    }

    /// <summary>
    /// Waits until other reactors have let go of a drained segment: a round of each. Fails if there is none that they
    /// alone keep.
    /// </summary>
    /// <param name="isPinned">Whether to wait for one that they have pinned, and ask for it.</param>
    public bool TryAwaitFree(bool isPinned)
    {
        if (!HasOthers || !TryFirstDrained(isPinned, out int segment)) return false;
        if (isPinned) AskBack(segment);
        for (int wait = 0; wait < WaitMax; wait++)
        {
            TryFree(segment);
            if (_segments[segment].State == SegmentState.Free) return true;
            if (!isPinned && IsPinned(segment)) return false;
            // Others may be waiting in the same way, for this one.
            _reactors.Pass(_owner);
            Shared.Wait();
        }
        return false;
    }

    /// <summary>
    /// The first drained segment that others alone keep: by pins, or only by not having passed a quiescent point.
    /// </summary>
    public bool TryFirstDrained(bool isPinned, out int segment)
    {
        segment = _drained.First;
        while (segment != SegmentQueue.None && (_segments[segment].HoldCount > 0 || IsPinned(segment) != isPinned))
        {
            segment = _drained.Next(segment);
        }
        return segment != SegmentQueue.None;
    }

    /// <summary>
    /// The first in the order of eviction that others alone hold; it may be emptied before they let go of it.
    /// </summary>
    public bool TryFirstPinned(out int segment)
    {
        segment = FirstNotHeld(in _sparse);
        if (segment == SegmentQueue.None) segment = FirstNotHeld(in _small);
        if (segment == SegmentQueue.None) segment = FirstNotHeld(in _main);
        return segment != SegmentQueue.None;
    }

    /// <summary>
    /// Marks an item that will be changed in its place, value and all, until <see cref="EndChange"/>. Fails if somebody
    /// holds it as it is, or if the new cas unique is not a higher one: who sees the same twice must have seen one
    /// value.
    /// </summary>
    public bool TryBeginChange(in Item item, ulong cas)
    {
        int segment = SegmentOf(item.Location);
        if (_segments[segment].HoldCount > 0) return false;
        if (!HasOthers) return true;
        if (cas <= item.Cas) return false;
        // The locked instruction keeps the order: whoever pins it now sees the mark, or is seen here.
        item.Header.Change(ItemMarks.Dead, ItemMarks.Changing);
        Shared.Step();
        if (!IsPinned(segment)) return true;
        EndChange(in item);
        return false;
    }

    public static void EndChange(in Item item)
    {
        Shared.Step();
        item.Header.Change(ItemMarks.Changing, ItemMarks.Dead);
    }

    private bool IsPinned(int segment)
    {
        for (int i = 0; i < _pins.Length; i++)
        {
            if (_pins[i].Has(segment)) return true;
        }
        return false;
    }

    private void AskBack(int segment)
    {
        Volatile.Write(ref _segments[segment].IsAskedBack, true);
        Volatile.Write(ref _askCount, _askCount + 1);
    }
}
