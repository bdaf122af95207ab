using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Memcachier.Bench.Guest;
using Memcachier.Bench.Instructions;
using Memcachier.LoadTest;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Workload;
using Operation = Memcachier.Bench.Instructions.Operation;

namespace Memcachier.Bench.Compare;

/// <summary>Puts the same load on two servers, in turns, so that what the host does meanwhile meets both.</summary>
public static class ComparisonBench
{
    /// <summary>Keys that fit into any store, and are asked for in any order.</summary>
    private const int KeyCount = 1000;

    /// <summary>What is compared: values of 100 bytes, one at a time, many clients, and many requests at once.</summary>
    public static IReadOnlyList<Workload> Workloads { get; } =
    [
        .. from operation in new[] { Operation.Get, Operation.Set }
           from shape in new[] { (1, 1), (50, 1), (1, 32) }
           select new Workload(operation, shape.Item1, shape.Item2, 100),
    ];

    /// <param name="image">The one server.</param>
    /// <param name="peer">The other.</param>
    /// <param name="workloads">GETs and SETs.</param>
    /// <param name="roundCount">Runs of each, of each workload.</param>
    /// <param name="duration">How long a run measures.</param>
    /// <param name="readMetrics">Asks for the image's <c>/metrics</c>; null to do without what it counts.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LoadTestException">A server is not there, or makes errors.</exception>
    public static IReadOnlyList<ComparedWorkload> Run(
        ServerAddress image, ServerAddress peer, IReadOnlyList<Workload> workloads, int roundCount, TimeSpan duration,
        Func<string>? readMetrics, CancellationToken cancel)
    {
        var rows = new List<ComparedWorkload>();
        foreach (Workload workload in workloads)
        {
            List<ComparedRun> ofImage = [], ofPeer = [];
            for (int i = 0; i < roundCount; i++)
            {
                ofImage.Add(RunCounted(
                    Settings(image, workload, duration) with { IsPreloading = i == 0 }, readMetrics, cancel));
                ofPeer.Add(RunOnce(Settings(peer, workload, duration) with { IsPreloading = i == 0 }, cancel));
            }
            rows.Add(new ComparedWorkload(workload, ofImage, ofPeer));
        }
        return rows;
    }

    private static ComparedRun RunCounted(
        LoadSettings settings, Func<string>? readMetrics, CancellationToken cancel)
    {
        if (readMetrics == null) return RunOnce(settings, cancel);
        var earlier = GuestCounters.Of(readMetrics());
        var before = GuestCounters.Of(readMetrics());
        ComparedRun run = RunOnce(settings, cancel);
        var after = GuestCounters.Of(readMetrics());
        return run with { Counted = CountedRequests.Between(earlier, before, after) };
    }

    private static LoadSettings Settings(ServerAddress server, Workload workload, TimeSpan duration) => new()
    {
        Server = server,
        ConnectionCount = workload.Connections,
        Depth = workload.Depth,
        KeyCount = KeyCount,
        KeySize = Workload.KeySize,
        ValueSizes = SizeDistribution.Parse(string.Create(CultureInfo.InvariantCulture, $"fixed:{workload.ValueSize}")),
        Mix = OperationMix.Parse(workload.Operation == Operation.Get ? "get=1" : "set=1"),
        WarmUp = duration / 4,
        Duration = duration,
    };

    private static ComparedRun RunOnce(LoadSettings settings, CancellationToken cancel)
    {
        LoadResult result = LoadRunner.Run(settings, TextWriter.Null, cancel);
        OperationCounts all = result.Total.Sum();
        if (ErrorKinds.All.Select(result.Total.Errors.ExampleOf).FirstOrDefault(text => text != null) is { } error)
            throw new LoadTestException($"{settings.Server}: {error}");
        if (all.Requests == 0) throw new LoadTestException($"{settings.Server} has answered nothing");
        if (all.Misses > 0) throw new LoadTestException($"{settings.Server} has lost {all.Misses} keys");
        return new ComparedRun(result.RequestsPerSecond, all.Latency.Percentile(50), all.Latency.Percentile(99));
    }
}
