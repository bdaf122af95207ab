using System;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Tests.Report;

/// <summary>Runs that nobody had to wait for.</summary>
internal static class SampleRun
{
    public static readonly LoadSettings Settings = new()
    {
        Server = new ServerAddress("127.0.0.1", 11211),
        Mix = OperationMix.Parse("get=9,set=1"),
        Rate = 1000,
    };

    /// <summary>
    /// In every second as many gets of 101, 102, ... µs as <paramref name="getsOf"/> says, a tenth of them misses, and ten
    /// sets of 500 µs.
    /// </summary>
    /// <param name="seconds">How many.</param>
    /// <param name="getsOf">By second, from 0.</param>
    /// <param name="scale">Factor of all latencies.</param>
    public static LoadResult Result(int seconds, Func<int, int> getsOf, double scale = 1)
    {
        var total = new Measurement(2);
        var samples = new SecondSample[seconds];
        for (int second = 0; second < seconds; second++)
        {
            var counts = new Measurement(2) { CpuNanos = 300_000_000, WallNanos = 1_000_000_000 };
            int gets = getsOf(second);
            for (int i = 1; i <= gets; i++) counts.Operations[0].Latency.Record((long)(scale * (100_000 + (1000 * i))));
            for (int i = 0; i < 10; i++) counts.Operations[1].Latency.Record((long)(scale * 500_000));
            counts.Operations[0].Misses = gets / 10;
            counts.Operations[0].Hits = gets - (gets / 10);
            counts.Operations[0].BytesRead = 100 * counts.Operations[0].Hits;
            counts.Operations[1].BytesWritten = 1000;
            total.Add(counts);
            samples[second] = new SecondSample(second, OperationSecond.Of(counts.Sum()), 0)
            {
                Operations = [.. counts.Operations.Select(OperationSecond.Of)],
                ErrorsByKind = counts.Errors,
                ClientCpu = counts.ClientCpu,
            };
        }
        return new LoadResult
        {
            Total = total,
            Seconds = samples,
            Started = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
            Elapsed = TimeSpan.FromSeconds(seconds),
            Unsent = 0,
            ClientCpu = [0.3],
            ClientAllocatedBytes = 0,
            PreloadErrors = new ErrorCounts(),
        };
    }

    public static byte[] Json(LoadResult result, LoadSettings? settings = null, params ThresholdVerdict[] verdicts)
    {
        using var stream = new MemoryStream();
        LoadJson.Write(result, settings ?? Settings, verdicts, stream);
        return stream.ToArray();
    }

    public static RunDocument Document(
        LoadResult result, LoadSettings? settings = null, params ThresholdVerdict[] verdicts) =>
        RunDocument.Read(Json(result, settings, verdicts), "sample.json");

    public static readonly LoadSettings SpikeSettings = Settings with
    {
        ScenarioName = "a <spike>",
        Rate = 0,
        Mix = OperationMix.Parse("get=9,add=1"),
        IsVerifying = true,
    };

    /// <summary>
    /// A run of three load simulations, of two, one and three seconds, the second with thrice the gets. Some adds stored
    /// nothing; two connections were made anew, in 1 and 2 ms; one of three counters was gone.
    /// </summary>
    /// <param name="scale">Factor of all latencies.</param>
    /// <param name="names">Of the load simulations.</param>
    public static LoadResult Spike(double scale = 1, params string[] names)
    {
        if (names.Length == 0) names = ["before", "spike|", "after"];
        static int GetsOf(int second) => second == 2 ? 270 : 90;
        LoadResult result = Result(6, GetsOf, scale);
        (int Start, int During)[] times = [(0, 2), (2, 1), (3, 3)];
        result.Total.Operations[1].NotStored = 12;
        result.Total.Connects = new Histogram();
        for (int i = 1; i <= 2; i++) result.Total.Connects.Record((long)(scale * i * 1_000_000));
        return result with
        {
            CountersChecked = 2,
            CountersGone = 1,
            Simulations =
            [
                .. times.Select((time, i) => new SimulationResult(
                    new LoadSimulation
                    {
                        Name = names[i],
                        Kind = SimulationKind.Inject,
                        During = TimeSpan.FromSeconds(time.During),
                    },
                    TimeSpan.FromSeconds(time.Start), TimeSpan.FromSeconds(time.During),
                    Result(time.During, second => GetsOf(time.Start + second), scale).Total, Unsent: i)),
            ],
            Seconds =
            [
                .. result.Seconds.Select(second => second with
                {
                    Simulation = names[Array.FindLastIndex(times, time => time.Start <= second.Index)],
                }),
            ],
        };
    }

    /// <summary>A run with everything: errors whose words look like markup, a missed limit, a warning.</summary>
    public static RunDocument Full(int seconds = 4)
    {
        LoadResult result = Result(seconds, second => 90 + second);
        var errors = new ErrorCounts();
        errors.Count(ErrorKind.ServerError, "SERVER_ERROR <b>out|of\\memory</b> & \"more\"");
        result.Total.Errors.Add(errors);
        LoadResult full = result with
        {
            Seconds =
            [
                .. result.Seconds.Select(second => second.Index != 1
                    ? second
                    : second with { Errors = 1, ErrorsByKind = errors }),
            ],
            ClientCpu = [0.3, 0.95],
            PreloadErrors = errors,
        };
        return Document(
            full, null, new ThresholdVerdict("p99>5ms", "p99", "500 µs", false),
            new ThresholdVerdict("errors>0", "errors", "1", true));
    }
}
