using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// The usable RAM above what the image occupies: whole pages, in ascending order, never overlapping, whatever the loader's
/// list was like.
/// </summary>
public sealed class MemoryMap
{
    /// <summary>More ranges than any loader gives; of further ones the smallest are counted and left unused.</summary>
    public const int Capacity = 32;

    private const ulong PageMask = 4095;

    private readonly MemoryRange[] _ranges = new MemoryRange[Capacity];
    private readonly ulong _floor;

    /// <param name="floor">Nothing below this address is free: firmware's first megabyte, ring 0, the image.</param>
    public MemoryMap(ulong floor) => _floor = (floor + PageMask) & ~PageMask;

    public int Count { get; private set; }

    /// <summary>How many ranges found no place in the list.</summary>
    public int DroppedCount { get; private set; }

    public ulong TotalBytes
    {
        get
        {
            ulong total = 0;
            for (int i = 0; i < Count; i++) total += _ranges[i].Length;
            return total;
        }
    }

    public MemoryRange this[int index] => _ranges[index];

    /// <summary>
    /// The largest range of those that end at or below <paramref name="limit"/>; the first if there is none, or if it is as large.
    /// </summary>
    public MemoryRange LargestBelow(ulong limit)
    {
        MemoryRange largest = _ranges[0];
        for (int i = 1; i < Count; i++)
        {
            if (_ranges[i].End <= limit && _ranges[i].Length > largest.Length) largest = _ranges[i];
        }
        return largest;
    }

    /// <summary>Adds usable RAM; what touches or overlaps a known range is joined with it.</summary>
    public void Add(ulong start, ulong length)
    {
        if (length == 0 || start > ulong.MaxValue - length) return;
        ulong end = (start + length) & ~PageMask;
        if (start > ulong.MaxValue - PageMask) return;
        start = (start + PageMask) & ~PageMask;
        if (start < _floor) start = _floor;
        if (start >= end) return;

        for (int i = 0; i < Count;)
        {
            if (_ranges[i].End < start || _ranges[i].Start > end)
            {
                i++;
                continue;
            }
            if (_ranges[i].Start < start) start = _ranges[i].Start;
            if (_ranges[i].End > end) end = _ranges[i].End;
            RemoveAt(i);
        }
        if (Count == Capacity && !TryMakeRoom(end - start)) return;
        int place = Count;
        while (place > 0 && _ranges[place - 1].Start > start)
        {
            _ranges[place] = _ranges[place - 1];
            place--;
        }
        _ranges[place] = new MemoryRange(start, end);
        Count++;
    }

    /// <summary>Takes memory out again that another entry of the loader's list reserves; every page that it touches.</summary>
    public void Remove(ulong start, ulong length)
    {
        if (length == 0) return;
        ulong end = start > ulong.MaxValue - length ? ulong.MaxValue : start + length;
        start &= ~PageMask;
        end = end > ulong.MaxValue - PageMask ? ulong.MaxValue & ~PageMask : (end + PageMask) & ~PageMask;
        for (int i = Count - 1; i >= 0; i--)
        {
            MemoryRange range = _ranges[i];
            if (range.End <= start || range.Start >= end) continue;
            RemoveAt(i);
            if (range.End > end) Add(end, range.End - end);
            if (range.Start < start) Add(range.Start, start - range.Start);
        }
    }

    /// <summary>Whether a part of [<paramref name="start"/>, + <paramref name="length"/>) is usable RAM.</summary>
    public bool Overlaps(ulong start, ulong length)
    {
        ulong end = start > ulong.MaxValue - length ? ulong.MaxValue : start + length;
        for (int i = 0; i < Count; i++)
        {
            if (_ranges[i].Start < end && start < _ranges[i].End) return true;
        }
        return false;
    }

    /// <summary>Drops the smallest range. Fails if a new one of <paramref name="length"/> bytes is not larger: then that is what is dropped.</summary>
    private bool TryMakeRoom(ulong length)
    {
        DroppedCount++;
        int smallest = 0;
        for (int i = 1; i < Count; i++)
        {
            if (_ranges[i].Length < _ranges[smallest].Length) smallest = i;
        }
        if (_ranges[smallest].Length >= length) return false;
        RemoveAt(smallest);
        return true;
    }

    private void RemoveAt(int index)
    {
        Invariant.Holds(index < Count);
        for (int i = index; i + 1 < Count; i++) _ranges[i] = _ranges[i + 1];
        Count--;
    }
}
