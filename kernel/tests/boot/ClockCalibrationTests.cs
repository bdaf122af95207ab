using System;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Tests.Arch;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class ClockCalibrationTests
{
    private readonly HypervisorModel _host = new();
    private readonly Region _memory = HostMemory.Allocate(KvmClock<ModelProcessor>.MemorySize);

    public ClockCalibrationTests()
    {
        _host.Attach(_memory);
        Processor.SetCpuid(0x4000_0001);                // no paravirtual clock, unless a test wants it
    }

    private ulong _errorPpm;

    private ProcessorModel Processor => _host.Processor;

    [Fact]
    public void The_hypervisor_s_leaf_is_believed_first()
    {
        Processor.SetCpuid(0x4000_0000, eax: 0x4000_0010);
        Processor.SetCpuid(0x4000_0010, eax: 2_394_374);
        Processor.SetCpuid(0, eax: 0x16);
        Processor.SetCpuid(0x15, eax: 2, ebx: 250, ecx: 24_000_000);
        Assert.Equal((ClockSource.HypervisorLeaf, 2_394_374_000UL), Find(new TimersModel(Processor, 1_000_000_000)));
    }

    [Theory]
    [InlineData(0u, 0x4000_0010u)]                      // no hypervisor: what the leaf says belongs to another
    [InlineData(1u << 31, 0x4000_0001u)]                // the leaf is above the highest one
    public void Its_leaf_is_read_only_where_there_is_one(uint features, uint highest)
    {
        Processor.SetCpuid(1, ecx: features);
        Processor.SetCpuid(0x4000_0000, eax: highest);
        Processor.SetCpuid(0x4000_0010, eax: 2_394_374);
        Processor.SetCpuid(0, eax: 0x15);
        Processor.SetCpuid(0x15, eax: 2, ebx: 250, ecx: 24_000_000);
        Assert.Equal((ClockSource.CrystalLeaf, 3_000_000_000UL), Find(new TimersModel(Processor, 1_000_000_000)));
    }

    [Theory]
    [InlineData(0x14u, 2u, 250u, 24_000_000u)]          // the leaf is above the highest one
    [InlineData(0x15u, 0u, 250u, 24_000_000u)]          // no ratio
    [InlineData(0x15u, 2u, 0u, 24_000_000u)]
    [InlineData(0x15u, 2u, 250u, 0u)]                   // no crystal's frequency (SDM 2A: "not enumerated")
    [InlineData(0x15u, 2u, 2u, 24_000_000u)]            // 24 MHz: no counter is that slow
    public void Then_the_crystal_s_leaf_and_then_kvm_s_clock(
        uint highest, uint denominator, uint numerator, uint crystal)
    {
        Processor.SetCpuid(0, eax: highest);
        Processor.SetCpuid(0x15, denominator, numerator, crystal);
        Processor.SetCpuid(0x4000_0001, eax: 1 << 3);
        _host.SetScale(0x8000_0000, 0);
        Assert.Equal((ClockSource.KvmClock, 2_000_000_000UL), Find(new TimersModel(Processor, 1_000_000_000)));
    }

    [Theory]
    [InlineData(99_999u)]
    [InlineData(20_000_001u)]
    [InlineData(uint.MaxValue)]
    [InlineData(0u)]
    public void What_no_processor_does_is_not_believed(uint kilohertz)
    {
        Processor.SetCpuid(0x4000_0000, 0x4000_0010, 0x4B4D_564B, 0x564B_4D56, 0x4D);
        Processor.SetCpuid(0x4000_0010, eax: kilohertz);
        Processor.SetCpuid(0x4000_0001, eax: 1 << 3);
        _host.SetScale(1, 0);                           // 4 * 10^18 Hz
        Assert.Equal(ClockSource.PmTimer, Find(new TimersModel(Processor, 2_000_000_000)).Source);
    }

    [Theory]
    [InlineData(101_000_000UL)]
    [InlineData(1_000_000_000UL)]
    [InlineData(2_394_374_000UL)]
    [InlineData(5_000_000_000UL)]
    [InlineData(19_000_000_000UL)]
    public void The_acpi_timer_is_measured_to_a_thousandth(ulong hertz)
    {
        foreach (uint start in (uint[])[0, 0xFF_FFF0, 0xFF_B000])
        {
            var timers = new TimersModel(Processor, hertz) { PmTimerStart = start };
            (ClockSource source, ulong found) = Find(timers);
            Assert.Equal(ClockSource.PmTimer, source);
            Assert.InRange(found, hertz - (hertz / 1000), hertz + (hertz / 1000));
        }
    }

    [Fact]
    public void A_timer_of_32_bits_may_wrap_too()
    {
        var timers = new TimersModel(Processor, 3_000_000_000) { PmTimerBits = 32, PmTimerStart = uint.MaxValue - 100 };
        (ClockSource source, ulong found) = Find(timers);
        Assert.Equal(ClockSource.PmTimer, source);
        Assert.InRange(found, 2_997_000_000UL, 3_003_000_000UL);
    }

    [Theory]
    [InlineData(101_000_000UL)]
    [InlineData(2_394_374_000UL)]
    [InlineData(5_000_000_000UL)]
    public void Without_it_the_interval_timer_is_measured_to_a_thousandth(ulong hertz)
    {
        var timers = new TimersModel(Processor, hertz);
        (ClockSource source, ulong found) = Find(timers, pmTimerPort: 0);
        Assert.Equal(ClockSource.IntervalTimer, source);
        Assert.InRange(found, hertz - (hertz / 1000), hertz + (hertz / 1000));
    }

    /// <summary>A pause between reading the timer and reading the counter spoils one measurement of three.</summary>
    [Theory]
    [InlineData(TimersModel.PmTimerPort)]
    [InlineData((ushort)0)]
    public void A_pause_of_the_machine_spoils_nothing(ushort pmTimerPort)
    {
        const ulong Hertz = 2_000_000_000;
        for (long access = 1; access < 20_000; access += 331)
        {
            Processor.Timestamp = 0;
            var timers = new TimersModel(Processor, Hertz) { Pause = (access, Hertz / 50) };
            (_, ulong found) = Find(timers, pmTimerPort);
            Assert.InRange(found, Hertz - (Hertz / 500), Hertz + (Hertz / 500));
        }
    }

    /// <summary>An access takes up to 30 us in a virtual machine, and nobody waits minutes for a boot.</summary>
    [Fact]
    public void Dead_timers_are_given_up_within_a_second()
    {
        const ulong Hertz = 2_000_000_000;
        var timers = new TimersModel(Processor, Hertz)
        {
            IsPmTimerDead = true,
            IsIntervalTimerDead = true,
            TicksPerAccess = Hertz / 1_000_000 * 30,
        };
        Assert.Equal(ClockSource.None, Find(timers).Source);
        Assert.InRange(Processor.Timestamp, 1UL, Hertz);
    }

    /// <summary>
    /// A host with many times more to do than processors: it runs us for up to 4 ms and then others for up to so many
    /// milliseconds, again and again. The interval timer goes round every 55 ms.
    /// </summary>
    [Theory]
    [InlineData(TimersModel.PmTimerPort, 60, 1000)]
    [InlineData(TimersModel.PmTimerPort, 300, 3000)]
    [InlineData(TimersModel.PmTimerPort, 1000, 20000)]
    [InlineData((ushort)0, 60, 1000)]
    [InlineData((ushort)0, 300, 3000)]
    [InlineData((ushort)0, 1000, 20000)]
    public void A_busy_host_spoils_nothing(ushort pmTimerPort, ulong awayMaxMillis, ulong errorMaxPpm)
    {
        foreach (ulong hertz in (ulong[])[200_000_000, 2_394_374_000, 5_000_000_000])
        {
            for (int seed = 0; seed < 100; seed++)
            {
                Processor.Timestamp = 0;
                var timers = new TimersModel(Processor, hertz)
                {
                    TicksPerAccess = hertz / 1_000_000 * 5,
                    SliceMax = hertz / 1000 * 4,
                    AwayMax = hertz / 1000 * awayMaxMillis,
                    Random = new Random(seed),
                };
                (ClockSource source, ulong found) = Find(timers, pmTimerPort);
                Assert.Equal(pmTimerPort != 0 ? ClockSource.PmTimer : ClockSource.IntervalTimer, source);
                ulong error = hertz / 1_000_000 * _errorPpm;
                Assert.InRange(found, hertz - error, hertz + error);
                Assert.InRange(_errorPpm, 0UL, errorMaxPpm);
                Assert.True(Processor.Timestamp < 5 * hertz, $"seed {seed}: {(double)Processor.Timestamp / hertz} s");
            }
        }
    }

    /// <summary>Each reading is interrupted: what is found is worse, and says how much worse it may be.</summary>
    [Theory]
    [InlineData(TimersModel.PmTimerPort)]
    [InlineData((ushort)0)]
    public void What_is_found_on_a_slow_machine_says_how_far_off_it_may_be(ushort pmTimerPort)
    {
        const ulong Hertz = 2_000_000_000;
        for (int seed = 0; seed < 20; seed++)
        {
            Processor.Timestamp = 0;
            var timers = new TimersModel(Processor, Hertz)
            {
                TicksPerAccess = Hertz / 1000 / 2,
                SliceMax = 1,
                AwayMax = Hertz / 1000 / 2,
                Random = new Random(seed),
            };
            (ClockSource source, ulong found) = Find(timers, pmTimerPort);
            Assert.NotEqual(ClockSource.None, source);
            Assert.InRange(_errorPpm, 300UL, 50_000UL);
            Assert.InRange(found, Hertz - (Hertz / 1_000_000 * _errorPpm), Hertz + (Hertz / 1_000_000 * _errorPpm));
            Assert.InRange(Processor.Timestamp, 1UL, Hertz * 6 / 10);
        }
    }

    [Fact]
    public void A_dead_acpi_timer_leaves_the_interval_timer()
    {
        const ulong Hertz = 2_000_000_000;
        var timers = new TimersModel(Processor, Hertz) { IsPmTimerDead = true };
        (ClockSource source, ulong found) = Find(timers);
        Assert.Equal(ClockSource.IntervalTimer, source);
        Assert.InRange(found, Hertz - (Hertz / 1000), Hertz + (Hertz / 1000));
    }

    /// <summary>While a host is away for long, a living timer goes round; a dead one must not be counted as if it had.</summary>
    [Theory]
    [InlineData(true, ClockSource.None)]
    [InlineData(false, ClockSource.IntervalTimer)]
    public void A_dead_timer_stays_dead_on_a_busy_host(bool isIntervalTimerDead, ClockSource expected)
    {
        const ulong Hertz = 2_600_000_000;
        for (int seed = 0; seed < 100; seed++)
        {
            Processor.Timestamp = 0;
            var timers = new TimersModel(Processor, Hertz)
            {
                IsPmTimerDead = true,
                IsIntervalTimerDead = isIntervalTimerDead,
                TicksPerAccess = Hertz / 1_000_000 * 5,
                SliceMax = Hertz / 1000 * 4,
                AwayMax = Hertz / 1000 * 60,
                Random = new Random(seed),
            };
            (ClockSource source, ulong found) = Find(timers);
            Assert.Equal(expected, source);
            if (expected != ClockSource.None) Assert.InRange(found, Hertz - (Hertz / 200), Hertz + (Hertz / 200));
        }
    }

    private (ClockSource Source, ulong Hertz) Find(TimersModel timers, ushort pmTimerPort = TimersModel.PmTimerPort)
    {
        var calibration =
            new ClockCalibration<ModelProcessor, TimerPorts>(new ModelProcessor(Processor), new TimerPorts(timers));
        ClockSource source = calibration.Find(pmTimerPort, timers.PmTimerBits, _memory, out ulong hertz, out _errorPpm);
        return (source, hertz);
    }
}
