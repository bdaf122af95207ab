using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>What the reactor counts of its rounds.</summary>
public sealed class RoundTests
{
    private static readonly SimLinkSettings s_wire = new() { DelayMicros = 100 };

    [Fact]
    public void Each_operation_is_recorded_once_with_the_time_of_its_round()
    {
        using var appliance = new SimAppliance(1, in s_wire);
        var client = new Conversation()
            .Add("set a 0 0 1\r\nx\r\n", "STORED\r\n")
            .Add("get a b c\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n")
            .Add("incr a 1\r\n", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n")
            .Add("touch a 10\r\n", "TOUCHED\r\n")
            .Add("delete a\r\n", "DELETED\r\n")
            .Add("version\r\n", "VERSION 1.6.45-memcachier\r\n");
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsComplete, 1));
        appliance.RunFor(1);
        RoundCounters counters = appliance.Node.Counters;
        Assert.Equal(appliance.Statistics.Operations, counters.RequestTimes.Count);
        Assert.InRange(counters.RequestTimes.Count, 6, 7);
        // In the simulation a microsecond passes between rounds, and none in them.
        Assert.Equal(counters.RequestTimes.Count, counters.RequestTimes.CountOf(1));
        Assert.Equal(counters.RequestTimes.Count, counters.RequestTimes.SumMicros);
        Assert.Equal(1, counters.LongestRoundMicros);
    }

    [Fact]
    public void Rounds_without_work_and_halts_are_no_time_of_work()
    {
        using var appliance = new SimAppliance(2, in s_wire);
        appliance.RunFor(10);
        RoundCounters counters = appliance.Node.Counters;
        Assert.Equal(0, counters.RequestTimes.Count);
        Assert.Equal(counters.RoundsWithWork, counters.WorkMicros);
        Assert.InRange(counters.RoundsWithWork, 0, 20);
        Assert.InRange(counters.Rounds, counters.Halts + counters.RoundsWithWork, 10_000_000);
        Assert.InRange(counters.LongestRoundMicros, 0, 1);
    }

    [Fact]
    public void After_stats_reset_nothing_is_recorded_twice_or_taken_back()
    {
        using var appliance = new SimAppliance(3, in s_wire);
        var client = new Conversation();
        foreach (int _ in Enumerable.Range(0, 20)) client = client.Add("get a\r\n", "END\r\n");
        client = client.Add("stats reset\r\n", "RESET\r\n").Add("get a\r\n", "END\r\n").Add("get a\r\n", "END\r\n");
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsComplete, 1));
        appliance.RunFor(1);
        Assert.Equal(2, appliance.Statistics.Operations);
        Assert.Equal(22, appliance.Node.Counters.RequestTimes.Count);
    }
}
