using System;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// Waits for something to happen until a time. A thread that sleeps is awake only some microseconds after its timer has
/// run out, which would be part of the latency of what it was to send. So it gets up as much earlier as it was late
/// before, and looks at the clock for the rest.
/// </summary>
internal sealed class AlarmClock(EventPoll poll)
{
    /// <summary>On a machine that is too busy, looking at the clock all the time would make it worse.</summary>
    private const long EarlyNanosMax = 30_000;

    /// <summary>A look at the clock takes less, unless another thread had the processor.</summary>
    private const long LookNanosMax = 5_000;

    /// <summary>A new lateness counts for an eighth, as a round trip does in TCP.</summary>
    private const int Smoothing = 8;

    private long _earlyNanos;

    /// <summary>Processor time in which there was nothing to do.</summary>
    public long IdleNanos { get; private set; }

    /// <summary>Hot. Returns how much has happened; it may be 0 before the time has come.</summary>
    public int Wait(long until)
    {
        long now = LoadClock.Now();
        long sleep = until - now - _earlyNanos;
        int count = poll.Wait(Math.Max(sleep, 0));
        if (count > 0) return count;
        long woken = LoadClock.Now();
        if (sleep > 0) WasLate(woken - now - sleep);
        else if (now < until) IdleNanos += Math.Min(woken - now, LookNanosMax);
        return 0;
    }

    private void WasLate(long nanos) =>
        _earlyNanos = Math.Min(_earlyNanos + ((nanos - _earlyNanos) / Smoothing), EarlyNanosMax);
}
