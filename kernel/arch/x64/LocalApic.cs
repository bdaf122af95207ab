using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>
/// The processor's own interrupt controller (Intel SDM 3A §12): identity, enabling, the one-shot timer. In x2APIC mode,
/// which the boot code chose if the processor has it, registers are MSRs; else they are memory.
/// </summary>
public sealed class LocalApic<TProcessor, TRegisters>
    where TProcessor : struct, IProcessor
    where TRegisters : struct, IRegisters
{
    /// <summary>Physical address of the registers in xAPIC mode.</summary>
    public const ulong Base = 0xFEE0_0000;

    private const uint IdRegister = 0x20;
    private const uint SpuriousRegister = 0xF0;
    private const uint TimerRegister = 0x320;
    private const uint Lint0Register = 0x350;
    private const uint InitialCountRegister = 0x380;
    private const uint CurrentCountRegister = 0x390;
    private const uint DivideRegister = 0x3E0;
    private const uint X2ApicMsrs = 0x800;
    private const uint TscDeadlineMsr = 0x6E0;

    private const uint SoftwareEnable = 1 << 8;
    private const uint SpuriousVector = 0xFF;
    private const uint Masked = 1 << 16;
    private const uint DeadlineMode = 2 << 17;
    private const uint DivideByOne = 0xB;

    private readonly TProcessor _processor;
    private readonly TRegisters _registers;
    private readonly bool _isX2Apic;
    private readonly bool _hasDeadline;
    private ulong _ticksPerSecond;

    /// <param name="processor">The processor that the controller belongs to.</param>
    /// <param name="registers">Its registers, for xAPIC mode.</param>
    /// <param name="isX2Apic">Whether the boot code switched x2APIC mode on.</param>
    public LocalApic(TProcessor processor, TRegisters registers, bool isX2Apic)
    {
        _processor = processor;
        _registers = registers;
        _isX2Apic = isX2Apic;
        _hasDeadline = (processor.Cpuid(1, 0).Ecx >> 24 & 1) != 0;
        Write(Lint0Register, Masked);
        Write(SpuriousRegister, SoftwareEnable | SpuriousVector);
    }

    public uint Id => _isX2Apic ? Read(IdRegister) : Read(IdRegister) >> 24;

    public bool IsX2Apic => _isX2Apic;

    /// <summary>True if the timer compares with the time-stamp counter and needs no frequency of its own.</summary>
    public bool HasDeadline => _hasDeadline;

    /// <summary>Ticks of the count-down timer per second; 0 in deadline mode.</summary>
    public ulong TimerHertz => _ticksPerSecond;

    /// <summary>Prepares the timer to raise <paramref name="vector"/>; without deadline mode it is measured against the clock.</summary>
    public void StartTimer(byte vector, TscClockSource clock)
    {
        if (_hasDeadline)
        {
            Write(TimerRegister, DeadlineMode | vector);
            return;
        }
        const long MeasureMicros = 1000;
        Write(DivideRegister, DivideByOne);
        Write(TimerRegister, Masked | vector);
        Write(InitialCountRegister, uint.MaxValue);
        uint startCount = ReadCount(clock, out long start);
        uint endCount;
        long end;
        do endCount = ReadCount(clock, out end);
        while (end - start < MeasureMicros);
        Write(InitialCountRegister, 0);
        _ticksPerSecond = (ulong)(startCount - endCount) * 1_000_000 / (ulong)(end - start);
        Write(TimerRegister, vector);
    }

    /// <summary>Raises the timer's interrupt in <paramref name="micros"/> microseconds, at least one.</summary>
    public void Arm(long micros, TscClockSource clock)
    {
        Invariant.Holds(micros >= 1);
        if (_hasDeadline)
        {
            _processor.WriteMsr(TscDeadlineMsr, _processor.Timestamp() + clock.Ticks(micros));
            return;
        }
        ulong count = (ulong)micros * _ticksPerSecond / 1_000_000;
        Write(InitialCountRegister, (uint)Math.Clamp(count, 1, uint.MaxValue));
    }

    /// <summary>
    /// Reads the count-down, and when that was. A busy host may run something else between the two: of several readings
    /// the quickest counts.
    /// </summary>
    private uint ReadCount(TscClockSource clock, out long micros)
    {
        const int Readings = 4;
        ulong quickest = ulong.MaxValue;
        uint count = 0;
        micros = 0;
        for (int i = 0; i < Readings; i++)
        {
            ulong before = _processor.Timestamp();
            uint read = Read(CurrentCountRegister);
            ulong passed = _processor.Timestamp() - before;
            if (passed >= quickest) continue;
            quickest = passed;
            count = read;
            micros = clock.Micros(before);
        }
        return count;
    }

    private uint Read(uint register) =>
        _isX2Apic ? (uint)_processor.ReadMsr(X2ApicMsrs + (register >> 4)) : _registers.Read32(register);

    private void Write(uint register, uint value)
    {
        if (_isX2Apic) _processor.WriteMsr(X2ApicMsrs + (register >> 4), value);
        else _registers.Write32(register, value);
    }
}
