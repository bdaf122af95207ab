using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Tests.Arch;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class TscClockTests
{
    private const ulong Gigahertz = 1_000_000_000;
    private const ulong Entry = 5_000;

    private readonly ProcessorModel _processor = new() { TicksPerReading = 0 };
    private readonly TscClockSource _source = new(Entry, Gigahertz);

    [Fact]
    public void Counts_from_the_entry_and_tells_the_wall_time_that_it_was_given()
    {
        _processor.Timestamp = Entry + (7 * Gigahertz);
        var clock = new TscClock<ModelProcessor>(new ModelProcessor(_processor), _source, 1_767_225_600);
        Assert.InRange(clock.NowMicros, 6_999_999, 7_000_000);
        Assert.Equal(1_767_225_600, clock.UnixSeconds);
        _processor.Timestamp += Gigahertz - 1_000_000;
        Assert.Equal(1_767_225_600, clock.UnixSeconds);
        _processor.Timestamp += 2_000_000;
        Assert.Equal(1_767_225_601, clock.UnixSeconds);
        _processor.Timestamp += 3_600 * Gigahertz;
        Assert.Equal(1_767_229_201, clock.UnixSeconds);
    }

    [Fact]
    public void Without_a_wall_clock_it_counts_from_1970()
    {
        _processor.Timestamp = Entry + (3 * Gigahertz);
        var clock = new TscClock<ModelProcessor>(new ModelProcessor(_processor), _source, 0);
        Assert.Equal(0, clock.UnixSeconds);
        _processor.Timestamp += 10 * Gigahertz;
        Assert.InRange(clock.UnixSeconds, 9, 10);
    }
}
