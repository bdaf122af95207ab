using System.Numerics;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Arch;

public sealed class TscClockSourceTests
{
    private const ulong Second = 1_000_000;

    /// <summary>
    /// From the slowest counter that is believed to the fastest, with the odd values that calibration gives.
    /// </summary>
    public static TheoryData<ulong> Frequencies =>
    [
        100_000_000, 999_999_937, 1_000_000_000, 1_396_800_123, 2_100_000_000, 2_999_999_999,
        4_294_967_295, 4_294_967_296, 4_294_967_297, 4_500_000_000, 4_999_999_993, 5_000_000_000, 20_000_000_000,
    ];

    [Theory]
    [MemberData(nameof(Frequencies))]
    public void A_year_is_right_to_the_microsecond(ulong hertz) => CheckYear(hertz);

    [Fact]
    public void So_it_is_at_any_frequency()
    {
        var random = new Prng(1);
        for (int i = 0; i < 500; i++) CheckYear(100_000_000 + (random.Next() % 19_900_000_001));
    }

    [Theory]
    [MemberData(nameof(Frequencies))]
    public void Never_goes_back(ulong hertz)
    {
        var clock = new TscClockSource(500, hertz);
        long last = clock.Micros(500);
        Assert.Equal(0, last);
        ulong timestamp = 500;
        var random = new Prng(3);
        for (int i = 0; i < 10_000; i++)
        {
            timestamp += random.Below(1u << (int)random.Below(31));
            long now = clock.Micros(timestamp);
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public void A_counter_that_wraps_goes_on()
    {
        var clock = new TscClockSource(ulong.MaxValue - 999_999_999, 1_000_000_000);
        Assert.InRange(clock.Micros(1_000_000_000), 1_999_999, 2_000_000);
    }

    [Theory]
    [MemberData(nameof(Frequencies))]
    public void Ticks_are_right_up_to_an_hour(ulong hertz)
    {
        var clock = new TscClockSource(0, hertz);
        foreach (long micros in (long[])[0, 1, 2, 49, 50, 1000, 99_999, 100_000, 1_000_000, 3_600_000_000])
        {
            var exact = (ulong)(new BigInteger(hertz) * micros / Second);
            // Whole kilohertz are counted: one in a hundred thousand at the slowest counter.
            Assert.InRange(clock.Ticks(micros), exact - (exact / 100_000) - (exact == 0 ? 0UL : 1UL), exact);
        }
        _ = Assert.Throws<BrokenInvariantException>(() => clock.Ticks(3_600_000_001));
        _ = Assert.Throws<BrokenInvariantException>(() => clock.Ticks(-1));
    }

    [Fact]
    public void A_megahertz_is_too_slow() =>
        Assert.Throws<BrokenInvariantException>(() => new TscClockSource(0, 1_000_000));

    private static void CheckYear(ulong hertz)
    {
        const ulong Entry = 123_456_789_012;
        var clock = new TscClockSource(Entry, hertz);
        Assert.Equal(hertz, clock.Hertz);
        var random = new Prng(hertz);
        for (int i = 0; i < 500; i++)
        {
            ulong ticks = i < 100 ? (ulong)i * hertz / 7 : random.Next() % (hertz * 31_536_000);
            long exact = (long)(new BigInteger(ticks) * Second / hertz);
            // The fraction is cut off, never rounded up: the clock may lag by one, and is never ahead.
            long micros = clock.Micros(Entry + ticks);
            Assert.True(micros == exact || micros == exact - 1, $"{ticks} at {hertz} Hz: {micros} instead of {exact}");
        }
    }
}
