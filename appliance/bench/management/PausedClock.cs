using Memcachier.Kernel.Platform;

namespace Memcachier.Appliance.Bench;

/// <summary>A <see cref="Stopwatch"/> as the appliance's clock.</summary>
public readonly struct PausedClock : IClock
{
    private const ulong NanosPerMicro = 1_000;
    private const long MicrosPerSecond = 1_000_000;
    private const long UnixSecondsAtStart = 1_700_000_000;

    private readonly Stopwatch _watch;

    public PausedClock(Stopwatch watch) => _watch = watch;

    public long NowMicros => (long)(_watch.Now / NanosPerMicro);

    public long UnixSeconds => UnixSecondsAtStart + (NowMicros / MicrosPerSecond);
}
