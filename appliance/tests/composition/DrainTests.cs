using System.Collections.Generic;
using System.Linq;
using Memcachier.Composition;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Sim;
using Memcachier.Management.Resources;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>The cache takes no more clients, and those that are there finish.</summary>
public sealed class DrainTests
{
    private const long Second = 1_000_000;

    private static readonly SimLinkSettings s_wire = new() { DelayMicros = 100 };

    [Fact]
    public void Who_is_idle_goes_who_is_busy_finishes_and_nobody_comes()
    {
        using SimAppliance appliance = Start(out ApplianceControl control);
        Conversation silent = Silent(), watching = Watching(), uploading = Uploading();
        Begin(appliance, silent, watching, uploading);
        control.BeginDrain(appliance.NowMicros + (60 * Second), PowerRequest.None);
        Assert.True(appliance.TryRunUntil(() => silent.IsPeerClosed && watching.IsPeerClosed, 3));
        Conversation late = Silent();
        appliance.Clients.Start(late);
        Assert.True(appliance.TryRunUntil(() => late.IsClosed, 3));
        Assert.Equal(CloseReason.Refused, late.CloseReason);
        appliance.RunFor(5);
        Assert.False(uploading.IsPeerClosed);
        Assert.Equal((DrainState.Draining, 1), (control.Drain, (int)appliance.Statistics.CurrConnections));
        uploading.SendSecondPiece();
        Assert.True(appliance.TryRunUntil(() => control.Drain == DrainState.Drained, 3));
        Assert.True(uploading.IsComplete);
        Assert.Equal((0, PowerRequest.None), ((int)appliance.Statistics.CurrConnections, control.Power));
        // And back.
        control.EndDrain();
        appliance.RunFor(1);
        var client = new Conversation().Add("get a\r\n", "VALUE a 0 10\r\n0123456789\r\nEND\r\n");
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsClosed, 5));
        Assert.True(client.IsComplete, client.Describe());
    }

    [Fact]
    public void Who_does_not_finish_in_time_is_closed_and_the_machine_ends()
    {
        using SimAppliance appliance = Start(out ApplianceControl control);
        Conversation uploading = Uploading();
        Begin(appliance, uploading);
        control.BeginDrain(appliance.NowMicros + (5 * Second), PowerRequest.Reboot);
        appliance.RunFor(4);
        Assert.Equal(DrainState.Draining, control.Drain);
        Assert.False(uploading.IsPeerClosed);
        Assert.True(appliance.TryRunUntil(() => control.Power == PowerRequest.Reboot, 3));
        Assert.True(appliance.TryRunUntil(() => uploading.IsPeerClosed, 1));
    }

    [Fact]
    public void Hundreds_of_idle_clients_are_gone_in_a_few_seconds()
    {
        using SimAppliance appliance = Start(out ApplianceControl control);
        Conversation[] clients = [.. Enumerable.Range(0, 200).Select(_ => Silent())];
        // As many at once as may be half open.
        foreach (Conversation[] some in clients.Chunk(50)) Begin(appliance, some);
        control.BeginDrain(appliance.NowMicros + (60 * Second), PowerRequest.Off);
        Assert.True(appliance.TryRunUntil(() => control.Power == PowerRequest.Off, 3));
        Assert.True(appliance.TryRunUntil(() => clients.All(client => client.IsPeerClosed), 1));
    }

    private static SimAppliance Start(out ApplianceControl control)
    {
        var appliance = new SimAppliance(1, in s_wire);
        control = new ApplianceControl();
        appliance.Node.Drain = new Drain(control, appliance.Server, appliance.Statistics);
        appliance.RunFor(1);
        return appliance;
    }

    private static void Begin(SimAppliance appliance, params IReadOnlyCollection<Conversation> clients)
    {
        long count = appliance.Statistics.CurrConnections + clients.Count;
        foreach (Conversation client in clients) appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => appliance.Statistics.CurrConnections == count, 5));
        appliance.RunFor(1);
    }

    private static Conversation Silent() => new Conversation { FirstPieceLength = 0 }.Add("get a\r\n", "END\r\n");

    /// <summary>A second answer never comes, so that it stays.</summary>
    private static Conversation Watching() => new Conversation().Add("watch\r\n", "OK\r\n").Add("x\r\n", "never");

    private static Conversation Uploading() =>
        new Conversation { FirstPieceLength = 20 }.Add("set a 0 0 10\r\n0123456789\r\n", "STORED\r\n");
}
