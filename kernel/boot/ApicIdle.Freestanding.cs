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
    /// <summary>Bytes of the counts.</summary>
    public const int CountsLength = 2 * sizeof(uint);

    private const int TimerOffset = 0;
    private const int DeviceOffset = (Hardware.DeviceVector - Hardware.TimerVector) * sizeof(uint);

    private readonly LocalApic<X64Processor, Mmio> _apic;
    private readonly TscClockSource _clock;
    private readonly Region _interruptCounts;

    /// <param name="apic">The processor's own.</param>
    /// <param name="clock">What its timer is set by.</param>
    /// <param name="interruptCounts">
    /// Of the shared page, where ring 0 counts: four bytes for the timer's vector, and four for the devices' behind it.
    /// </param>
    public ApicIdle(LocalApic<X64Processor, Mmio> apic, TscClockSource clock, Region interruptCounts)
    {
        _apic = apic;
        _clock = clock;
        _interruptCounts = interruptCounts;
    }

    public Interrupts Halt(long micros)
    {
        uint timer = CountAt(TimerOffset), devices = CountAt(DeviceOffset);
        _apic.Arm(micros, _clock);
        Gate.Halt();
        return new Interrupts(CountAt(DeviceOffset) - devices, CountAt(TimerOffset) - timer);
    }

    private uint CountAt(int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_interruptCounts.Slice(offset, sizeof(uint)));
}
