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
    private const ushort IntervalTimer = 0;                     // no PM timer's port
    private const byte SelectChannel0RateGenerator = 0x34;      // both bytes, mode 2
    private const byte LatchChannel0 = 0x00;

    private const ulong IntervalTimerPeriod = 1 << 16;
    private const ulong PlausibleHertzMin = 100_000_000;
    private const ulong PlausibleHertzMax = 20_000_000_000;

    // Good enough to stop at once; after half a second; after two; and better than no clock.
    private const ulong GoodErrorPpm = 200;
    private const ulong FairErrorPpm = 2_000;
    private const ulong TolerableErrorPpm = 50_000;
    private const ulong LastErrorPpm = 250_000;
    private const int FirstReadings = 8;

    // A timer that shows the same for 5 ms of the fastest counter is dead; to be away as long as that is no proof.
    private const ulong DeadCounts = PlausibleHertzMax / 200;
    private const int DeadReadings = 64;

    // However slow the machine and the counter are, it ends.
    private const int ReadingsMax = 1_000_000;
    private const ulong CountsMax = 40_000_000_000;

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
    /// <param name="hertz">The frequency.</param>
    /// <param name="errorPpm">How far off a measured frequency may be, in millionths.</param>
    public ClockSource Find(ushort pmTimerPort, int pmTimerBits, Region kvmClock, out ulong hertz, out ulong errorPpm)
    {
        errorPpm = 0;
        if (IsPlausible(FromHypervisorLeaf(), out hertz)) return ClockSource.HypervisorLeaf;
        if (IsPlausible(FromCrystalLeaf(), out hertz)) return ClockSource.CrystalLeaf;
        var kvm = new KvmClock<TProcessor>(_processor);
        if (kvm.IsPresent && IsPlausible(kvm.TscHertz(kvmClock), out hertz)) return ClockSource.KvmClock;
        ulong pmTimerPeriod = pmTimerBits == 32 ? 1UL << 32 : 1UL << 24;
        if (pmTimerPort != 0 && TryMeasure(pmTimerPort, PmTimerHertz, pmTimerPeriod, out hertz, out errorPpm))
            return ClockSource.PmTimer;
        StartIntervalTimer();
        return TryMeasure(IntervalTimer, IntervalTimerHertz, IntervalTimerPeriod, out hertz, out errorPpm)
            ? ClockSource.IntervalTimer
            : ClockSource.None;
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

    private void StartIntervalTimer()
    {
        _ports.Out8(IntervalTimerCommand, SelectChannel0RateGenerator);
        _ports.Out8(IntervalTimerChannel0, 0);
        _ports.Out8(IntervalTimerChannel0, 0);
    }

    /// <summary>
    /// Reads a timer until the bounds of the frequency are close. A busy host only makes that take longer, two seconds
    /// unless it is never there for two readings in a row; then the bounds that there are have to do.
    /// </summary>
    /// <param name="port">The PM timer's port, or <see cref="IntervalTimer"/>.</param>
    private bool TryMeasure(ushort port, ulong timerHertz, ulong period, out ulong hertz, out ulong errorPpm)
    {
        var bounds = new FrequencyBounds(timerHertz, period, PlausibleHertzMin, PlausibleHertzMax);
        Read(port, period, out TimerReading first);
        ulong start = first.Before;
        // Everything is measured from the first: it should not be one during which the host did something else.
        for (int i = 0; i < FirstReadings; i++)
        {
            Read(port, period, out TimerReading another);
            if (another.Width <= first.Width) first = another;
        }
        bounds.Start(in first);
        for (int readings = 0; readings < ReadingsMax && bounds.ErrorPpm > GoodErrorPpm; readings++)
        {
            Read(port, period, out TimerReading reading);
            bounds.Add(in reading);
            ulong passed = reading.After - start;
            if (!bounds.HasMoved && passed > DeadCounts && readings >= DeadReadings) break;
            if (bounds.ErrorPpm <= FairErrorPpm && passed > bounds.Max / 2) break;
            if (bounds.ErrorPpm <= TolerableErrorPpm && passed > bounds.Max * 2) break;
            if (passed > CountsMax) break;
        }
        hertz = bounds.Hertz;
        errorPpm = bounds.ErrorPpm;
        // A timer that never moved may have gone round in every pause of the host, if it were alive.
        return bounds.HasMoved && errorPpm <= LastErrorPpm;
    }

    private void Read(ushort port, ulong period, out TimerReading reading)
    {
        reading = default;
        reading.Before = _processor.Timestamp();
        if (port != IntervalTimer)
        {
            reading.Count = _ports.In32(port) & (uint)(period - 1);
            reading.After = _processor.Timestamp();
            return;
        }
        // What is latched is read at leisure.
        _ports.Out8(IntervalTimerCommand, LatchChannel0);
        reading.After = _processor.Timestamp();
        byte low = _ports.In8(IntervalTimerChannel0);
        byte high = _ports.In8(IntervalTimerChannel0);
        // The channel counts down.
        reading.Count = (ushort)-(low | high << 8);
    }
}
