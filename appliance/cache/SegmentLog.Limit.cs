using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>Segments that are withheld, so that the store uses less than its memory.</summary>
internal sealed partial class SegmentLog
{
    private SegmentQueue _withheld;
    private int _wantedWithheldCount;

    /// <summary>Two to this power is the size of a segment in bytes.</summary>
    public int SegmentShift => _segmentShift;

    /// <summary>Segments that are not withheld.</summary>
    public int UsedCount => SegmentCount - _withheld.Count;

    /// <summary>Segments that there may be, once as many are withheld as should be.</summary>
    public int AllowedCount => SegmentCount - _wantedWithheldCount;

    /// <summary>Hot: whether other than should be are withheld.</summary>
    public bool IsLimitPending
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _withheld.Count != _wantedWithheldCount;
    }

    /// <summary>How many more are withheld than should be; less than 0 if too few are.</summary>
    public int WithheldExcess => _withheld.Count - _wantedWithheldCount;

    /// <summary>
    /// How many should still be withheld and may be: an index that has not shrunk yet leaves the log what it needs.
    /// </summary>
    public int MissingWithheld
    {
        get
        {
            if (WithheldExcess >= 0) return 0;
            int most = SegmentCount - IndexCount - (SegmentCountMin - 1);
            return Math.Max(Math.Min(_wantedWithheldCount, most) - _withheld.Count, 0);
        }
    }

    public void WantWithheld(int count)
    {
        Invariant.Holds(count >= 0);
        Invariant.Holds(SegmentCount - count >= SegmentCountMin);
        _wantedWithheldCount = count;
    }

    /// <summary>Withholds a free segment. There is one.</summary>
    public void WithholdFree()
    {
        Invariant.Holds(_free.Count > 0);
        Become(_free.First, SegmentState.Withheld);
    }

    /// <summary>Frees a withheld segment. There is one.</summary>
    public void GiveBackWithheld()
    {
        Invariant.Holds(_withheld.Count > 0);
        Become(_withheld.First, SegmentState.Free);
    }
}
