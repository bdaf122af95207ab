using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>Seconds of several threads, and of simulations that share one.</summary>
public sealed class SecondBoardTests
{
    private const int OperationCount = 2;

    private static readonly Schedule TwoSimulations = Schedule.Of(new LoadSettings
    {
        Server = new ServerAddress("127.0.0.1", 11211),
        Mix = OperationMix.Parse("get,set"),
        WarmUp = TimeSpan.Zero,
        Simulations = [Closed(1500), Closed(1500)],
    });

    /// <summary>Each second once, in order, with what all threads and simulations counted in it.</summary>
    [Fact]
    public void A_second_is_shown_when_every_thread_has_left_it()
    {
        var board = new SecondBoard(OperationCount, threadCount: 2, TwoSimulations);
        var shown = new List<(int Second, long Gets, long Sets, long All, long P50)>();
        Show(0);
        board.Add(thread: 0, second: 0, simulation: 0, Of(gets: 1, sets: 10));
        board.Add(thread: 0, second: 1, simulation: 0, Of(gets: 2, sets: 20));
        board.Add(thread: 0, second: 1, simulation: 1, Of(gets: 3, sets: 30));
        Show(0);
        board.Add(thread: 1, second: 0, simulation: 0, Of(gets: 4, sets: 40));
        Show(1);
        board.Add(thread: 1, second: 1, simulation: 1, Of(gets: 5, sets: 50));
        board.Add(thread: 1, second: 2, simulation: 1, Of(gets: 6, sets: 60));
        Show(2);
        board.Finish(Take);
        Assert.Equal([(0, 5, 50, 55, 7), (1, 10, 100, 110, 7), (2, 6, 60, 66, 7)], shown);
        Assert.Equal([21, 210], board.Total.Operations.Select(each => each.Requests));
        Assert.Equal([7, 14], board.Simulations.Select(each => each.Operations[0].Requests));
        Assert.Equal([0, 1, 2], board.Seconds.Select(second => second.Index));

        void Show(int count)
        {
            board.Publish(Take);
            Assert.Equal(count, shown.Count);
        }

        void Take(SecondSample second) => shown.Add((
            second.Index, second.Operations[0].Requests, second.Operations[1].Requests, second.All.Requests,
            second.All.Percentile(50)));
    }

    /// <summary>It goes all the way of a second of the load, for that is what is to be compiled before.</summary>
    [Fact]
    public void A_second_is_rehearsed_with_an_answer_in_it()
    {
        var board = new SecondBoard(OperationCount, threadCount: 1, TwoSimulations);
        foreach ((int second, int simulation, Measurement counts) in
            SecondRecorder.Rehearse(OperationCount, TwoSimulations))
            board.Add(thread: 0, second, simulation, counts);
        board.Finish(_ => { });
        Assert.Equal([1, 0], board.Seconds.Select(second => second.All.Requests));
    }

    private static LoadSimulation Closed(int millis) => new()
    {
        Kind = SimulationKind.KeepConstant, During = TimeSpan.FromMilliseconds(millis), Copies = 1,
    };

    /// <summary>All of 7 ns.</summary>
    private static Measurement Of(int gets, int sets)
    {
        var counts = new Measurement(OperationCount);
        for (int i = 0; i < gets; i++) counts.Operations[0].Latency.Record(7);
        for (int i = 0; i < sets; i++) counts.Operations[1].Latency.Record(7);
        return counts;
    }
}
