using System;
using Memcachier.Kernel.Boot;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class CmosClockTests
{
    private static readonly DateTime s_newYear = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Tells_every_day_of_the_century(bool isBinary, bool hasTwentyFourHours)
    {
        var model = new CmosModel { IsBinary = isBinary, HasTwentyFourHours = hasTwentyFourHours };
        var clock = new CmosClock<CmosPorts>(new CmosPorts(model));
        var time = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        // An odd step visits every hour, minute and second, too.
        while (time.Year < 2100)
        {
            model.Now = time;
            Assert.True(clock.TryRead(out long unixSeconds));
            Assert.Equal(new DateTimeOffset(time).ToUnixTimeSeconds(), unixSeconds);
            time = time.AddSeconds(86_400 - 3_599);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(23)]
    public void Midnight_and_noon_are_told_apart_on_a_twelve_hour_clock(int hour)
    {
        var time = new DateTime(2026, 2, 28, hour, 59, 59, DateTimeKind.Utc);
        var model = new CmosModel { HasTwentyFourHours = false, Now = time };
        Assert.True(new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out long unixSeconds));
        Assert.Equal(new DateTimeOffset(time).ToUnixTimeSeconds(), unixSeconds);
    }

    [Fact]
    public void A_reading_that_the_tick_tears_is_not_believed()
    {
        // The tick comes at every place of a reading; a torn one would be off by up to a century.
        for (int readings = 15; readings < 60; readings++)
        {
            var start = new DateTime(2027, 12, 31, 23, 59, 59, DateTimeKind.Utc);
            var model = new CmosModel { Now = start, ReadingsPerSecond = readings };
            Assert.True(new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out long unixSeconds));
            Assert.InRange(
                unixSeconds, new DateTimeOffset(start).ToUnixTimeSeconds(),
                new DateTimeOffset(model.Now).ToUnixTimeSeconds());
        }
    }

    [Fact]
    public void A_clock_that_never_shows_the_same_time_twice_is_given_up()
    {
        var model = new CmosModel { Now = s_newYear, ReadingsPerSecond = 5 };
        Assert.False(new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out _));
        Assert.InRange(model.Readings, 100, 2000);
    }

    [Fact]
    public void A_clock_that_updates_for_ever_is_given_up()
    {
        var model = new CmosModel { Now = s_newYear, IsStuck = true };
        Assert.False(new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out _));
        Assert.InRange(model.Readings, 1, 100_000);
    }

    /// <summary>Each reading is an exit to the hypervisor: some microseconds.</summary>
    [Fact]
    public void Where_there_is_no_clock_it_is_noticed_at_once()
    {
        var model = new CmosModel { IsAbsent = true };
        Assert.False(new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out long unixSeconds));
        Assert.Equal(0, unixSeconds);
        Assert.InRange(model.Readings, 1, 10);
    }

    [Theory]
    [InlineData(0x00, 0x60)]
    [InlineData(0x02, 0x60)]
    [InlineData(0x04, 0x24)]
    [InlineData(0x07, 0x00)]
    [InlineData(0x07, 0x32)]
    [InlineData(0x08, 0x00)]
    [InlineData(0x08, 0x13)]
    [InlineData(0x09, 0xFF)]
    public void A_time_that_does_not_exist_is_refused(byte register, byte value)
    {
        var model = new CmosModel { Now = s_newYear, Odd = (register, value) };
        Assert.False(new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out _));
    }

    [Fact]
    public void Any_bytes_are_read_without_a_fault()
    {
        for (int register = 0; register < 10; register++)
        {
            for (int value = 0; value < 256; value++)
            {
                var model = new CmosModel { Now = s_newYear, Odd = ((byte)register, (byte)value) };
                if (!new CmosClock<CmosPorts>(new CmosPorts(model)).TryRead(out long unixSeconds)) continue;
                Assert.InRange(unixSeconds, 946_684_800, 4_102_444_800);
            }
        }
    }
}
