using System;

namespace Memcachier.Cache;

/// <summary>
/// Keeps the index as large as the number of items wants it. It grows and shrinks by a 16th, in whole segments, a line
/// or two with each item stored: nobody waits for it.
/// </summary>
internal sealed class IndexSizer
{
    // Above this load, in percent, homes overflow so often that the index grows. It shrinks when that leaves it below
    // the other one, so that it does not grow again at once.
    private const int GrowPercent = 90;
    private const int ShrinkPercent = 70;

    private const int StepShare = 16;

    // It grows at 90 %. With four lines, of ten slots, for each item that comes meanwhile, what has not been moved yet
    // is never fuller than 92.5 %; with two it was 95 %, and one item in 200,000 found no place.
    private const int SweepsPerItem = 4;

    // When items are large, few come to shrink it: one line more for each 4 KiB, but not as many as would take long.
    private const int SweepShift = 12;
    private const int SweepsMax = 64;

    // What is walked with each item while a segment that the index wants is being evicted.
    private const int ClaimBytes = 8 << 10;

    // At most half of the memory.
    private const int MemoryShare = 2;

    private readonly SegmentLog _log;
    private readonly HashIndex _index;
    private readonly Inventory _inventory;
    private readonly Evictor _evictor;
    private readonly int _countAtFirst;
    private int _countMin;
    private int _count;
    private int _wantedCount;
    private long _shrinkBelow;

    /// <param name="count">Segments that the index has from the start; it has fewer only under a limit.</param>
    public IndexSizer(SegmentLog log, HashIndex index, Inventory inventory, Evictor evictor, int count)
    {
        _log = log;
        _index = index;
        _inventory = inventory;
        _evictor = evictor;
        _countAtFirst = count;
        _countMin = count;
        _count = count;
        _wantedCount = count;
    }

    /// <summary>Bytes that the index has.</summary>
    public long Length => (long)_count * _log.SegmentSize;

    public bool IsResizing => _index.IsResizing;

    /// <summary>The limit of the memory has changed: the least there is of the index changes with it.</summary>
    public void FollowLimit()
    {
        _countMin = Math.Max((int)((long)_countAtFirst * _log.AllowedCount / _log.SegmentCount), 1);
        NoteShrinking();
    }

    /// <summary>Hot: once per item stored, of this many bytes.</summary>
    public void Pace(long stored)
    {
        if (_index.IsResizing) Sweep((int)Math.Min(SweepsPerItem + (stored >> SweepShift), SweepsMax));
        else if (_wantedCount > _count) Claim();
        else if (_index.Count * 100 > _index.SlotCount * GrowPercent) Grow();
        else if (_count > _countMin && _index.Count < _shrinkBelow) Shrink();
    }

    private int Step => Math.Max(_count / StepShare, 1);

    private int SmallerCount => Math.Max(_count - Step, _countMin);

    private void Grow()
    {
        _wantedCount = Math.Max(_count, Math.Min(_count + Step, _log.AllowedCount / MemoryShare));
        if (_wantedCount > _count) Claim();
    }

    /// <summary>Gets the segments behind the index, one by one; those that are in use are evicted first.</summary>
    private void Claim()
    {
        if (!_log.TryLend(_count))
        {
            // To evict others instead of one that is held would go on for as long as that is.
            if (_log.IsHeld(_count)) return;
            if (_log.Info(_count).State == SegmentState.Drained)
            {
                _log.FreeDrained();
                return;
            }
            _evictor.Want(_count);
            _ = _evictor.WalkOn(ClaimBytes);
            return;
        }
        _index.Clear(Length, _log.SegmentSize);
        _count++;
        if (_count == _wantedCount) _index.BeginResize(Length);
    }

    private void Shrink()
    {
        _wantedCount = SmallerCount;
        _index.BeginResize((long)_wantedCount * _log.SegmentSize);
    }

    private void Sweep(int count)
    {
        for (int i = 0; i < count && _index.IsResizing; i++)
        {
            int homelessCount = _index.Sweep();
            for (int number = 0; number < homelessCount; number++) _inventory.Drop(_index.Homeless(number));
        }
        if (_index.IsResizing) return;
        while (_count > _wantedCount) _log.TakeBack(--_count);
        NoteShrinking();
    }

    private void NoteShrinking() =>
        _shrinkBelow = HashIndex.SlotsIn((long)SmallerCount * _log.SegmentSize) * ShrinkPercent / 100;
}
