using System.Runtime.CompilerServices;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>The machine's clock: the time-stamp counter, and where wall time stood at boot.</summary>
public readonly struct TscClock<TProcessor> : IClock
    where TProcessor : struct, IProcessor
{
    private const long MicrosPerSecond = 1_000_000;

    private readonly TProcessor _processor;
    private readonly TscClockSource _source;
    private readonly long _unixMicrosAtEntry;

    /// <param name="processor">Whose counter it is.</param>
    /// <param name="source">The calibration.</param>
    /// <param name="unixSecondsNow">Wall time at this moment.</param>
    public TscClock(TProcessor processor, TscClockSource source, long unixSecondsNow)
    {
        _processor = processor;
        _source = source;
        _unixMicrosAtEntry = (unixSecondsNow * MicrosPerSecond) - source.Micros(processor.Timestamp());
    }

    public long NowMicros
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _source.Micros(_processor.Timestamp());
    }

    public long UnixSeconds => (_unixMicrosAtEntry + NowMicros) / MicrosPerSecond;
}
