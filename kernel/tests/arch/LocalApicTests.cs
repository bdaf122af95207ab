using System;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Arch;

/// <summary>Register offsets and MSR numbers as in the Intel SDM 3A, tables 12-1 and 12-6.</summary>
public sealed class LocalApicTests
{
    private const uint DeadlineFeature = 1 << 24;           // CPUID.1:ECX
    private const ulong Gigahertz = 1_000_000_000;

    private readonly ProcessorModel _processor = new();
    private readonly RegistersModel _registers = new();

    [Fact]
    public void In_xapic_mode_the_registers_are_memory()
    {
        _registers.Values[0x20] = 0x0500_0000;
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic: false);
        Assert.Equal(5u, apic.Id);
        Assert.False(apic.IsX2Apic);
        // LINT0 masked before the controller is enabled, so that the firmware's 8259 cannot get through.
        Assert.Equal([(0x350u, 0x1_0000u), (0xF0u, 0x1FFu)], _registers.Writes);
        Assert.Empty(_processor.MsrWrites);
    }

    [Fact]
    public void In_x2apic_mode_they_are_msrs()
    {
        _processor.Msrs[0x802] = 0x0001_0203;
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic: true);
        Assert.Equal(0x0001_0203u, apic.Id);
        Assert.True(apic.IsX2Apic);
        Assert.Equal([(0x835u, 0x1_0000UL), (0x80Fu, 0x1FFUL)], _processor.MsrWrites);
        Assert.Empty(_registers.Writes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_deadline_timer_compares_with_the_counter(bool isX2Apic)
    {
        _processor.SetCpuid(1, ecx: DeadlineFeature);
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic);
        Assert.True(apic.HasDeadline);
        _processor.MsrWrites.Clear();
        _registers.Writes.Clear();

        var clock = new TscClockSource(0, 2 * Gigahertz);
        apic.StartTimer(0x20, clock);
        // Mode 10b in bits 18:17, not masked.
        if (isX2Apic) Assert.Equal([(0x832u, 0x4_0020UL)], _processor.MsrWrites);
        else Assert.Equal([(0x320u, 0x4_0020u)], _registers.Writes);
        Assert.Equal(0UL, apic.TimerHertz);

        _processor.MsrWrites.Clear();
        _processor.Timestamp = 1_000_000;
        apic.Arm(50, clock);
        Assert.Equal([(0x6E0u, 1_100_000UL)], _processor.MsrWrites);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_count_down_timer_is_measured_against_the_clock(bool isX2Apic)
    {
        const ulong BusHertz = 66_000_000;
        CountDown(isX2Apic, BusHertz);
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic);
        Assert.False(apic.HasDeadline);
        _processor.MsrWrites.Clear();
        _registers.Writes.Clear();
        var clock = new TscClockSource(0, Gigahertz);
        apic.StartTimer(0x20, clock);

        // Masked while it is measured; divided by one (1011b); stopped; one-shot and not masked at the end.
        (uint, uint)[] expected =
            [(0x3E0, 0xB), (0x320, 0x1_0020), (0x380, uint.MaxValue), (0x380, 0), (0x320, 0x20)];
        for (int i = 0; i < expected.Length; i++)
        {
            (uint register, uint value) = expected[i];
            if (isX2Apic) Assert.Equal((0x800 + (register >> 4), (ulong)value), _processor.MsrWrites[i]);
            else Assert.Equal(expected[i], _registers.Writes[i]);
        }
        Assert.InRange(apic.TimerHertz, BusHertz - (BusHertz / 1000), BusHertz + (BusHertz / 1000));
    }

    /// <summary>The host runs something else for 50 ms, at any reading of the timer.</summary>
    [Fact]
    public void A_busy_host_does_not_make_halts_longer()
    {
        const ulong BusHertz = 1_000_000_000;
        for (int pause = 1; pause < 40; pause++)
        {
            _processor.Timestamp = 0;
            CountDown(isX2Apic: false, BusHertz);
            Func<uint, uint?> read = _registers.OnRead!;
            int readings = 0;
            _registers.OnRead = offset =>
            {
                if (offset == 0x390 && ++readings == pause) _processor.Timestamp += Gigahertz / 20;
                return read(offset);
            };
            LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic: false);
            apic.StartTimer(0x20, new TscClockSource(0, Gigahertz));
            Assert.InRange(apic.TimerHertz, BusHertz - (BusHertz / 500), BusHertz + (BusHertz / 500));
        }
    }

    [Theory]
    [InlineData(1, 66u)]
    [InlineData(50, 3_300u)]
    [InlineData(100_000, 6_600_000u)]
    [InlineData(3_600_000_000, uint.MaxValue)]              // longer than the register counts: it wakes up too early
    public void Arming_counts_down_the_time_in_ticks(long micros, uint expected)
    {
        CountDown(isX2Apic: false, 66_000_000);
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic: false);
        var clock = new TscClockSource(0, Gigahertz);
        apic.StartTimer(0x20, clock);
        apic.Arm(micros, clock);
        (uint offset, uint value) = _registers.Writes[^1];
        Assert.Equal(0x380u, offset);
        ulong tolerance = expected / 1000;
        Assert.InRange(value, expected - tolerance, expected + tolerance);
    }

    [Fact]
    public void A_timer_that_does_not_count_ends_a_halt_at_once_rather_than_never()
    {
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic: false);
        _processor.TicksPerReading = 1000;
        var clock = new TscClockSource(0, Gigahertz);
        apic.StartTimer(0x20, clock);
        Assert.Equal(0UL, apic.TimerHertz);
        apic.Arm(1000, clock);
        // A count of zero would stop the timer (SDM 3A §12.5.4).
        Assert.Equal((0x380u, 1u), _registers.Writes[^1]);
    }

    [Fact]
    public void No_time_at_all_is_a_mistake()
    {
        LocalApic<ModelProcessor, Registers32> apic = Create(isX2Apic: false);
        _ = Assert.Throws<BrokenInvariantException>(() => apic.Arm(0, new TscClockSource(0, Gigahertz)));
    }

    private LocalApic<ModelProcessor, Registers32> Create(bool isX2Apic) =>
        new(new ModelProcessor(_processor), new Registers32(_registers), isX2Apic);

    /// <summary>The counter runs at 1 GHz, 100 ns a reading, and the timer at <paramref name="busHertz"/>.</summary>
    private void CountDown(bool isX2Apic, ulong busHertz)
    {
        _processor.TicksPerReading = 100;
        uint Count() => uint.MaxValue - (uint)(_processor.Timestamp * busHertz / Gigahertz);
        if (isX2Apic) _processor.OnMsrRead = register => register == 0x839 ? Count() : null;
        else _registers.OnRead = offset => offset == 0x390 ? Count() : null;
    }
}
