using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Memcachier.LoadTest.Engine;

/// <summary>When not to believe a result.</summary>
internal static class Warnings
{
    /// <summary>A thread that is busier than this has no time to notice when an answer comes.</summary>
    public const double CpuShareMax = 0.9;

    /// <summary>A tenth of a percent of the requests may be later than this, by the client's fault.</summary>
    public const long LagNanosMax = 1_000_000;

    private const double LagPercent = 99.9;

    public static IReadOnlyList<string> Of(LoadResult result)
    {
        var warnings = new List<string>();
        if (result.IsInterrupted)
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the run was interrupted after {result.Elapsed.TotalSeconds:0.0} s; what is here was measured until then"));
        int busyCount = result.ClientCpu.Count(share => share > CpuShareMax);
        if (busyCount > 0)
        {
            string share = result.ClientCpu.Max().ToString("0%", CultureInfo.InvariantCulture);
            warnings.Add(
                $"the client is the bottleneck: {busyCount} of {result.ClientCpu.Count} threads used up to {share} " +
                "of a processor; use more --threads or a lower --rate");
        }
        long lag = result.Total.Lag.Percentile(LagPercent);
        if (lag > LagNanosMax)
            warnings.Add(
                $"the client is behind its schedule: 0.1 % of the requests were sent {Millis(lag)} ms or " +
                "more later than they could have been; the latencies contain that");
        if (result.Unsent > 0)
            warnings.Add(
                $"the rate was not reached: {result.Unsent} requests were due and not sent, since all connections " +
                "were busy; use more --connections or --depth, or a lower --rate");
        if (result.CountersGone > 0)
            warnings.Add(result.CountersGone == 1
                ? "1 counter is gone, evicted or deleted: nothing is known of its updates"
                : $"{result.CountersGone} counters are gone, evicted or deleted: nothing is known of their updates");
        if (result.Server is { Failures: > 0 } server)
            warnings.Add(
                $"the server's own figures are incomplete: {server.Failures} of {server.Failures + server.Samples.Count} " +
                $"scrapes of {server.Url} failed, the first: {server.FirstFailure}");
        return warnings;
    }

    private static string Millis(long nanos) =>
        Math.Round(nanos / 1e6, 1).ToString("0.0", CultureInfo.InvariantCulture);
}
