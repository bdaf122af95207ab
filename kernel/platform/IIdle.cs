namespace Memcachier.Kernel.Platform;

/// <summary>How a reactor without work gives the processor away.</summary>
public interface IIdle
{
    /// <summary>
    /// Returns when an interrupt arrives, or after <paramref name="micros"/> microseconds (at least 1). An interrupt that
    /// became pending before the call ends it at once.
    /// </summary>
    /// <returns>The interrupts that came; none of a device if it was only the time.</returns>
    Interrupts Halt(long micros);
}
