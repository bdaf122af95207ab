using System;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Report.Document;
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
            samples[second] = new SecondSample(second, counts.Sum(), 0)
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
