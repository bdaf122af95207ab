using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// KVM's paravirtual clock (Linux, Documentation/virt/kvm/x86/msr.rst). Only what booting needs: the counter's frequency
/// and the wall clock.
/// </summary>
public readonly struct KvmClock<TProcessor>
    where TProcessor : struct, IProcessor
{
    /// <summary>Bytes of memory that the hypervisor writes to.</summary>
    public const int MemorySize = 64;

    private const uint SignatureLeaf = 0x4000_0000;
    private const uint FeatureLeaf = 0x4000_0001;
    private const uint ClockFeature = 1 << 3;                    // KVM_FEATURE_CLOCKSOURCE2
    private const uint WallClockMsr = 0x4B56_4D00;
    private const uint SystemTimeMsr = 0x4B56_4D01;
    private const int WallClockOffset = 32;
    private const int TimestampOffset = 8;
    private const int SystemTimeOffset = 16;
    private const int MultiplierOffset = 24;
    private const int ShiftOffset = 28;
    private const ulong NanosPerSecond = 1_000_000_000;

    private readonly TProcessor _processor;

    public KvmClock(TProcessor processor) => _processor = processor;

    /// <summary>True if the hypervisor says that it is KVM and has the clock.</summary>
    public bool IsPresent
    {
        get
        {
            if ((_processor.Cpuid(1, 0).Ecx >> 31) == 0) return false;
            CpuidResult signature = _processor.Cpuid(SignatureLeaf, 0);
            bool isKvm = signature.Ebx == 0x4B4D_564B && signature.Ecx == 0x564B_4D56 && signature.Edx == 0x4D;
            return isKvm && (_processor.Cpuid(FeatureLeaf, 0).Eax & ClockFeature) != 0;
        }
    }

    /// <summary>The time-stamp counter's frequency, or 0 if the hypervisor published no scale.</summary>
    public ulong TscHertz(Region memory)
    {
        if (!TryReadScale(memory, out uint multiplier, out int shift)) return 0;
        // nanoseconds = (ticks << shift) * multiplier >> 32, so one second is this many ticks:
        ulong hertz = (NanosPerSecond << 32) / multiplier;
        return shift >= 0 ? hertz >> shift : hertz << -shift;
    }

    /// <summary>Seconds since 1970-01-01 UTC, or 0 if the hypervisor does not tell.</summary>
    public long UnixSeconds(Region memory)
    {
        Region wall = memory.Part(WallClockOffset, MemorySize - WallClockOffset);
        wall.Slice(0, 12).Clear();
        _processor.WriteMsr(WallClockMsr, wall.Address);
        uint secondsAtBoot = BinaryPrimitives.ReadUInt32LittleEndian(wall.Slice(4, 4));
        if (secondsAtBoot == 0) return 0;
        if (!TryReadScale(memory, out uint multiplier, out int shift)) return 0;
        ulong ticks = _processor.Timestamp() - BinaryPrimitives.ReadUInt64LittleEndian(memory.Slice(TimestampOffset, 8));
        ticks = shift >= 0 ? ticks << shift : ticks >> -shift;
        ulong high = Math.BigMul(ticks, multiplier, out ulong low);
        ulong nanos = BinaryPrimitives.ReadUInt64LittleEndian(memory.Slice(SystemTimeOffset, 8)) + (high << 32 | low >> 32);
        return secondsAtBoot + (long)(nanos / NanosPerSecond);
    }

    /// <summary>Ends the hypervisor's writing to the memory.</summary>
    public void Stop() => _processor.WriteMsr(SystemTimeMsr, 0);

    private bool TryReadScale(Region memory, out uint multiplier, out int shift)
    {
        const ulong Enable = 1;
        _processor.WriteMsr(SystemTimeMsr, memory.Address | Enable);
        // This processor is the only reader and is not running while the hypervisor writes, so no version check is needed.
        multiplier = BinaryPrimitives.ReadUInt32LittleEndian(memory.Slice(MultiplierOffset, 4));
        shift = (sbyte)memory.Slice(ShiftOffset, 1)[0];
        return multiplier != 0 && shift is > -32 and < 32;
    }
}
