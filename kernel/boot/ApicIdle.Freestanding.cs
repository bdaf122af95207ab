using System.Buffers.Binary;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Memory;
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
    private readonly Region _deviceInterruptCount;

    /// <param name="apic">The processor's own.</param>
    /// <param name="clock">What its timer is set by.</param>
    /// <param name="deviceInterruptCount">Four bytes in the shared page, where ring 0 counts.</param>
    public ApicIdle(LocalApic<X64Processor, Mmio> apic, TscClockSource clock, Region deviceInterruptCount)
    {
        _apic = apic;
        _clock = clock;
        _deviceInterruptCount = deviceInterruptCount;
    }

    private uint DeviceInterruptCount =>
        BinaryPrimitives.ReadUInt32LittleEndian(_deviceInterruptCount.Slice(0, sizeof(uint)));

    public bool Halt(long micros)
    {
        uint before = DeviceInterruptCount;
        _apic.Arm(micros, _clock);
        Gate.Halt();
        return DeviceInterruptCount != before;
    }
}
