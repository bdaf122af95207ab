using Memcachier.Kernel.Platform;

namespace Memcachier.Appliance.Bench;

/// <summary>The processor is never halted: there is always something to do.</summary>
public readonly struct NoIdle : IIdle
{
    public Interrupts Halt(long micros) => default;
}
