using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class GuestConsoleTests
{
    private const string Log = "[      0 us] memcachier 0.1.0\n[   8123 us] address 10.9.8.7/24\n[  12345 us] ready: memcached 10.0.2.15:11211\n";

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

    [Theory]
    [InlineData("rip 0x0000000000201234\n", true)]
    [InlineData("x\n  rip    0x0000000000201234 rsp 0x0\n", true)]
    [InlineData("strip 0x0000000000201234\n", false)]
    [InlineData("rip 0x201234\n", false)]
    public void A_crash_report_has_a_line_with_rip(string log, bool isReport) => Assert.Equal(isReport, GuestConsole.HasCrashReport(log));
}
