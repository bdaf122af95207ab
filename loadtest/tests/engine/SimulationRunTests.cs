using System;
using System.IO;
using System.Linq;
using System.Threading;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>One load after the other, on a server of which the test knows how many it asks at once.</summary>
public sealed class SimulationRunTests
{
    [Fact]
    public void Each_simulation_has_its_own_figures()
    {
        using var server = new FaultyServer();
        var progress = new StringWriter();
        LoadResult result = LoadRunner.Run(
            Settings(
                server,
                Of(SimulationKind.KeepConstant, 200) with { Copies = 2 },
                Of(SimulationKind.Inject, 300) with { Rate = 1000 },
                Of(SimulationKind.Pause, 200),
                Of(SimulationKind.RampingInject, 200) with { Rate = 1000, Name = "up" },
                Of(SimulationKind.InjectRandom, 200) with
                {
                    RateMin = 100, RateMax = 100, Interval = TimeSpan.FromMilliseconds(100),
                }) with { ConnectionCount = 4, ThreadCount = 2, WarmUp = TimeSpan.FromMilliseconds(100) },
            progress,
            default);
        // What a busy machine could not send a second later is counted, too.
        Assert.Equal(
            [300, 0, 100, 200], result.Simulations.Skip(1).Select(each => each.Counts.Requests + each.Unsent));
        Assert.InRange(result.Simulations[0].Counts.Requests, 1, long.MaxValue);
        Assert.Equal(result.Total.Requests, result.Simulations.Sum(each => each.Counts.Requests));
        Assert.Equal(result.Unsent, result.Simulations.Sum(each => each.Unsent));
        Assert.Equal(result.Total.Requests - result.Simulations[0].Counts.Requests, result.Total.Lag.Count);
        Assert.Equal(
            [(0, 200), (200, 300), (500, 200), (700, 200), (900, 200)],
            result.Simulations.Select(each => (each.Start.TotalMilliseconds, each.During.TotalMilliseconds)));
        Assert.Equal("keep_constant 2", result.Seconds[0].Simulation);
        Assert.Contains("   keep_constant 2\n", progress.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(0, result.Total.Errors.Total);
    }

    /// <summary>The pause is no gap without an entry, so that a chart has one.</summary>
    [Fact]
    public void A_pause_has_its_seconds()
    {
        using var server = new FaultyServer();
        LoadResult result = Run(Settings(
            server, Of(SimulationKind.Pause, 2100), Of(SimulationKind.Inject, 100) with { Rate = 100 }));
        Assert.Equal([0, 1, 2], result.Seconds.Take(3).Select(second => second.Index));
        Assert.Equal([0, 0], result.Seconds.Take(2).Select(second => second.All.Requests));
        Assert.Equal(10, result.Total.Requests);
    }

    public static TheoryData<string, LoadSimulation[], int> Concurrencies => new()
    {
        { "some of the connections", [Of(SimulationKind.KeepConstant, 200) with { Copies = 3 }], 3 },
        { "ever more", [Of(SimulationKind.RampingConstant, 400) with { Copies = 4 }], 4 },
        { "more after fewer", [
            Of(SimulationKind.KeepConstant, 100) with { Copies = 1 },
            Of(SimulationKind.KeepConstant, 200) with { Copies = 5 }], 5 },
        { "a closed loop after an open one", [
            Of(SimulationKind.Inject, 100) with { Rate = 10 },
            Of(SimulationKind.KeepConstant, 200) with { Copies = 2 }], 2 },
    };

    /// <summary>Each get takes a while, so that all that are on their way are seen.</summary>
    [Theory]
    [MemberData(nameof(Concurrencies))]
    public void As_many_connections_are_active_as_were_asked_for(string row, LoadSimulation[] simulations, int expected)
    {
        _ = row;
        int count = 0, most = 0;
        using var server = new FaultyServer();
        server.BeforeGet = () =>
        {
            int now = Interlocked.Increment(ref count);
            for (int seen = most; now > seen; seen = most) _ = Interlocked.CompareExchange(ref most, now, seen);
            Thread.Sleep(2);
        };
        server.Answer = (_, answer) =>
        {
            _ = Interlocked.Decrement(ref count);
            return answer;
        };
        LoadResult result = Run(Settings(server, simulations) with { ConnectionCount = 6, ThreadCount = 2 });
        Assert.Equal(expected, most);
        Assert.Equal(0, result.Total.Errors.Total);
    }

    /// <summary>
    /// The server answers 50 requests a second, and 1000 are due. What is left of them a second after their end is given
    /// up, so that the closed loop has its turn.
    /// </summary>
    [Fact]
    public void What_an_open_loop_leaves_over_does_not_keep_the_next_simulation_waiting_for_ever()
    {
        using var server = new FaultyServer { BeforeGet = () => Thread.Sleep(20) };
        LoadResult result = Run(Settings(
            server,
            Of(SimulationKind.Inject, 200) with { Rate = 1000 },
            Of(SimulationKind.KeepConstant, 1400) with { Copies = 1 }) with { ConnectionCount = 1 });
        SimulationResult inject = result.Simulations[0];
        Assert.Equal(200, inject.Counts.Requests + inject.Unsent);
        Assert.InRange(inject.Counts.Requests, 1, 62);
        Assert.InRange(inject.Counts.Sum().Latency.Max, 900_000_000, 3_000_000_000);
        Assert.InRange(result.Simulations[1].Counts.Requests, 1, 25);
    }

    /// <summary>A simulation and a second have 2 histograms of 66 KiB.</summary>
    [ProgramFact(Replay.ReferenceServer.Program)]
    public void Pacing_does_not_allocate()
    {
        using var server = new Replay.ReferenceServer();
        LoadSettings settings = Settings(
            server.Address,
            Of(SimulationKind.RampingInject, 500) with { Rate = 40_000 },
            Of(SimulationKind.InjectRandom, 500) with { RateMin = 10_000, RateMax = 30_000 },
            Of(SimulationKind.RampingConstant, 500) with { Copies = 4 });
        LoadResult result = Run(settings with { ConnectionCount = 4 });
        Assert.InRange(result.Total.Requests, 10_000, long.MaxValue);
        Assert.InRange(result.ClientAllocatedBytes, 0, ((result.Seconds.Count + 3) * 2 * 68_000) + 100_000);
    }

    private static LoadResult Run(LoadSettings settings) => LoadRunner.Run(settings, TextWriter.Null, default);

    private static LoadSettings Settings(FaultyServer server, params LoadSimulation[] simulations) =>
        Settings(server.Address, simulations);

    private static LoadSettings Settings(ServerAddress server, params LoadSimulation[] simulations) => new()
    {
        Server = server,
        ConnectionCount = 2,
        KeyCount = 10,
        Mix = OperationMix.Parse("get"),
        WarmUp = TimeSpan.Zero,
        Simulations = simulations,
    };

    private static LoadSimulation Of(SimulationKind kind, int millis) => new()
    {
        Kind = kind, During = TimeSpan.FromMilliseconds(millis),
    };
}
