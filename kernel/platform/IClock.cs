namespace Memcachier.Kernel.Platform;

/// <summary>The time. Implemented by a struct that is a type parameter of whatever needs it.</summary>
public interface IClock
{
    /// <summary>Microseconds since boot; never goes back, resolution a microsecond or better.</summary>
    long NowMicros { get; }

    /// <summary>Seconds since 1970-01-01 UTC, as far as the platform told; may step when a better source appears.</summary>
    long UnixSeconds { get; }
}
