using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Sim;

/// <summary>The time of a simulated world. It moves only when the world's loop says so.</summary>
public sealed class SimTime
{
    /// <summary>What the wall clock says at time zero: 2026-01-01.</summary>
    public const long UnixSecondsAtStart = 1_767_225_600;

    /// <summary>Microseconds since the world began.</summary>
    public long NowMicros { get; private set; }

    /// <summary>Moves on; never back.</summary>
    public void AdvanceTo(long micros)
    {
        Invariant.Holds(micros >= NowMicros);
        NowMicros = micros;
    }
}
