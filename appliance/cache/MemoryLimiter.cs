using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>
/// cache_memlimit: withholds segments from the log until the others are as many as the limit allows, and gives them
/// back when it is raised. Nobody waits: what is free is taken at once, and for the rest victims are walked, a part
/// with each allocation and with each tick, so that the items go in the order of eviction.
/// </summary>
internal sealed class MemoryLimiter
{
    // Half a MiB a tick, a millisecond at most, when nobody stores.
    private const int WalkPerTick = 512 << 10;

    // Taking a free segment is a few list operations.
    private const int MovesMax = 256;

    private readonly SegmentLog _log;
    private readonly Evictor _evictor;
    private readonly IndexSizer _sizer;
    private readonly long _length;

    /// <param name="length">Bytes of the store's memory, segments or not.</param>
    public MemoryLimiter(SegmentLog log, Evictor evictor, IndexSizer sizer, long length)
    {
        _log = log;
        _evictor = evictor;
        _sizer = sizer;
        _length = length;
        Limit = length;
    }

    /// <summary>Bytes of memory that the store may use.</summary>
    public long Limit { get; private set; }

    /// <summary>
    /// Changes the limit. Fails if there is not so much memory, or so little that the store could not work.
    /// </summary>
    public bool TrySet(long limit)
    {
        if (!IsPossible(limit)) return false;
        Limit = limit;
        _log.WantWithheld((int)WithheldCount(limit));
        _sizer.FollowLimit();
        Settle();
        return true;
    }

    /// <summary>Whether <see cref="TrySet"/> would take it.</summary>
    public bool IsPossible(long limit) =>
        limit <= _length && _log.SegmentCount - WithheldCount(limit) >= SegmentLog.SegmentCountMin;

    /// <summary>
    /// Hot: once per allocation, after others were walked for it. Takes what is free beyond what is wanted free.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Settle()
    {
        if (_log.IsLimitPending) SettleSlow();
    }

    private long WithheldCount(long limit) => (_length - limit + _log.SegmentSize - 1) >> _log.SegmentShift;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SettleSlow()
    {
        for (int moved = 0; moved < MovesMax && _log.WithheldExcess != 0; moved++)
        {
            if (_log.WithheldExcess > 0) _log.GiveBackWithheld();
            else if (_log.MissingWithheld > 0 && _log.FreeCount > _evictor.FreeCountKept) _log.WithholdFree();
            else return;
        }
    }

    public void Tick()
    {
        if (!_log.IsLimitPending) return;
        Settle();
        int walked = 0;
        while (walked < WalkPerTick && _log.MissingWithheld > 0)
        {
            int step = _evictor.WalkOn(WalkPerTick - walked);
            if (step == 0) return;
            walked += step;
            Settle();
        }
    }
}
