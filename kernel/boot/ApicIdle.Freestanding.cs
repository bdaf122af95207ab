using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Halts the processor with the local APIC's timer armed. Interrupts are off outside of the gate's halt, so one that
/// arrives earlier stays pending and ends the halt.
/// </summary>
public readonly struct ApicIdle : IIdle
{
    private readonly LocalApic<X64Processor, Mmio> _apic;
    private readonly TscClockSource _clock;

    public ApicIdle(LocalApic<X64Processor, Mmio> apic, TscClockSource clock)
    {
        _apic = apic;
        _clock = clock;
    }

    public void Halt(long micros)
    {
        _apic.Arm(micros, _clock);
        Gate.Halt();
    }
}
