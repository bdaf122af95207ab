namespace Memcachier.Cache;

/// <summary>
/// Unix time in microseconds, out of a clock that counts microseconds since boot and one that counts Unix seconds.
/// It is never outside of the second that the latter tells, and exact once that has ticked.
/// </summary>
public struct EventClock
{
    private const long MicrosPerSecond = 1_000_000;

    private long _offsetMicros;

    /// <summary>Whole seconds.</summary>
    public long Seconds { get; private set; }

    /// <summary>The microseconds beyond them, 0 to 999999.</summary>
    public long Micros { get; private set; }

    public void Set(long nowMicros, long unixSeconds)
    {
        long micros = nowMicros + _offsetMicros - (unixSeconds * MicrosPerSecond);
        long possible = micros < 0 ? 0 : micros >= MicrosPerSecond ? MicrosPerSecond - 1 : micros;
        _offsetMicros += possible - micros;
        Seconds = unixSeconds;
        Micros = possible;
    }
}
