using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class GuestConsoleTests
{
    private const string Log = "[      0 us] memcachier 0.1.0\n[   8123 us] address 10.9.8.7/24\n"
        + "[  12345 us] ready: memcached 10.0.2.15:11211\n";

    [Fact]
    public void The_ready_line_has_the_time_and_the_address()
    {
        Assert.Equal(12345, GuestConsole.ReadyMicros(Log));
        Assert.Equal("10.0.2.15", GuestConsole.Address(Log)!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[ 8123 us] not ready: 10.0.2.15\n")]
    [InlineData("ready 10.0.2.15\n")]
    public void Before_it_there_is_nothing(string log)
    {
        Assert.Null(GuestConsole.ReadyMicros(log));
        Assert.Null(GuestConsole.Address(log));
    }

    [Fact]
    public void What_it_gave_up_for_is_in_its_own_words()
    {
        Assert.Equal(
            "no usable network device", GuestConsole.Error("[ 1 us] x\n[ 2 us] error: no usable network device\r\n"));
        Assert.Null(GuestConsole.Error(Log));
        Assert.Null(GuestConsole.Error("[ 1 us] error: option -Z is not supported; booting without it\n" + Log));
    }

    [Theory]
    [InlineData("[ 1 us] x\n*** crash: page fault, reading 0x0000000000000000\n", true)]
    [InlineData("*** crash: out of range at Pool.cs:12\n", true)]
    [InlineData("[ 1 us] no *** crash: here\n", false)]
    public void A_crash_report_has_its_heading(string log, bool isReport) =>
        Assert.Equal(isReport, GuestConsole.HasCrashReport(log));
}
