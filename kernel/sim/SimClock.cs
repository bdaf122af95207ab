using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Sim;

/// <summary>A clock that shows the time of a simulated world.</summary>
public readonly struct SimClock : IClock
{
    private readonly SimTime _time;

    public SimClock(SimTime time) => _time = time;

    public long NowMicros => _time.NowMicros;

    public long UnixSeconds => SimTime.UnixSecondsAtStart + _time.NowMicros / 1_000_000;
}
