using System;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Finds how fast the time-stamp counter counts. Nothing is assumed: what the platform tells is taken first, and where
/// it tells nothing the counter is measured against a timer of known frequency.
/// </summary>
public readonly struct ClockCalibration<TProcessor, TPorts>
    where TProcessor : struct, IProcessor
    where TPorts : struct, IPorts
{
    private const uint HypervisorBase = 0x4000_0000;
    private const uint HypervisorFrequencyLeaf = 0x4000_0010;
    private const uint CrystalLeaf = 0x15;
    private const ulong PmTimerHertz = 3_579_545;
    private const ulong IntervalTimerHertz = 1_193_182;
    private const ushort IntervalTimerCommand = 0x43;
    private const ushort IntervalTimerChannel0 = 0x40;
    private const byte SelectChannel0RateGenerator = 0x34;      // both bytes, mode 2
    private const byte LatchChannel0 = 0x00;

    // 5 ms: an error of one PM timer tick is 56 ppm, and three runs take less than boot's other work.
    private const ulong PmTimerTicks = PmTimerHertz / 200;
    private const ulong IntervalTimerTicks = IntervalTimerHertz / 200;
    private const int MeasurementCount = 3;
    private const ulong PlausibleHertzMin = 100_000_000;
    private const ulong PlausibleHertzMax = 20_000_000_000;

    // A timer that takes longer than this for its ticks does not count: the result would be implausible.
    private const ulong PatienceCounts = PlausibleHertzMax / 200;
    private const int PatienceReads = 1_000_000;

    private readonly TProcessor _processor;
    private readonly TPorts _ports;

    public ClockCalibration(TProcessor processor, TPorts ports)
    {
        _processor = processor;
        _ports = ports;
    }

    /// <summary>Finds the frequency in Hz, and says from what. <see cref="ClockSource.None"/> if nothing could tell it.</summary>
    /// <param name="pmTimerPort">Port of the ACPI PM timer, or 0.</param>
    /// <param name="pmTimerBits">Its width, 24 or 32.</param>
    /// <param name="kvmClock">Memory for KVM's clock, if the hypervisor is KVM.</param>
    public ClockSource Find(ushort pmTimerPort, int pmTimerBits, Region kvmClock, out ulong hertz)
    {
        if (IsPlausible(FromHypervisorLeaf(), out hertz)) return ClockSource.HypervisorLeaf;
        if (IsPlausible(FromCrystalLeaf(), out hertz)) return ClockSource.CrystalLeaf;
        var kvm = new KvmClock<TProcessor>(_processor);
        if (kvm.IsPresent && IsPlausible(kvm.TscHertz(kvmClock), out hertz)) return ClockSource.KvmClock;
        if (pmTimerPort != 0 && IsPlausible(MedianOfPmTimer(pmTimerPort, pmTimerBits), out hertz)) return ClockSource.PmTimer;
        return IsPlausible(MedianOfIntervalTimer(), out hertz) ? ClockSource.IntervalTimer : ClockSource.None;
    }

    private static bool IsPlausible(ulong candidate, out ulong hertz)
    {
        hertz = candidate;
        return candidate is >= PlausibleHertzMin and <= PlausibleHertzMax;
    }

    private ulong FromHypervisorLeaf()
    {
        if ((_processor.Cpuid(1, 0).Ecx >> 31) == 0) return 0;
        // A leaf above the highest one answers with another leaf's registers.
        if (_processor.Cpuid(HypervisorBase, 0).Eax < HypervisorFrequencyLeaf) return 0;
        return _processor.Cpuid(HypervisorFrequencyLeaf, 0).Eax * 1000UL;
    }

    private ulong FromCrystalLeaf()
    {
        if (_processor.Cpuid(0, 0).Eax < CrystalLeaf) return 0;
        CpuidResult leaf = _processor.Cpuid(CrystalLeaf, 0);
        if (leaf.Eax == 0) return 0;
        return (ulong)leaf.Ecx * leaf.Ebx / leaf.Eax;
    }

    private ulong MedianOfPmTimer(ushort port, int bits) =>
        Median(MeasurePmTimer(port, bits), MeasurePmTimer(port, bits), MeasurePmTimer(port, bits));

    private ulong MedianOfIntervalTimer()
    {
        _ports.Out8(IntervalTimerCommand, SelectChannel0RateGenerator);
        _ports.Out8(IntervalTimerChannel0, 0);
        _ports.Out8(IntervalTimerChannel0, 0);
        return Median(MeasureIntervalTimer(), MeasureIntervalTimer(), MeasureIntervalTimer());
    }

    private static ulong Median(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    private ulong MeasurePmTimer(ushort port, int bits)
    {
        uint mask = bits == 32 ? uint.MaxValue : (1u << 24) - 1;
        uint startCount = _ports.In32(port) & mask;
        ulong start = _processor.Timestamp();
        for (int reads = 0; reads < PatienceReads; reads++)
        {
            uint elapsed = ((_ports.In32(port) & mask) - startCount) & mask;
            ulong end = _processor.Timestamp();
            if (elapsed >= PmTimerTicks) return (end - start) * PmTimerHertz / elapsed;
            if (end - start > PatienceCounts) return 0;
        }
        return 0;
    }

    private ulong MeasureIntervalTimer()
    {
        // The channel counts down from 65536, and a measurement is a tenth of that: it may wrap once.
        ushort startCount = ReadIntervalTimer();
        ulong start = _processor.Timestamp();
        for (int reads = 0; reads < PatienceReads; reads++)
        {
            ushort elapsed = (ushort)(startCount - ReadIntervalTimer());
            ulong end = _processor.Timestamp();
            if (elapsed >= IntervalTimerTicks) return (end - start) * IntervalTimerHertz / elapsed;
            if (end - start > PatienceCounts) return 0;
        }
        return 0;
    }

    private ushort ReadIntervalTimer()
    {
        _ports.Out8(IntervalTimerCommand, LatchChannel0);
        byte low = _ports.In8(IntervalTimerChannel0);
        byte high = _ports.In8(IntervalTimerChannel0);
        return (ushort)(low | high << 8);
    }
}
