using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Measure;

/// <summary>What is kept of an operation's second: figures, since the buckets of every second would fill the memory.</summary>
/// <param name="Requests">Those with an answer.</param>
/// <param name="Hits">Keys that were there.</param>
/// <param name="Misses">Keys that were not.</param>
/// <param name="MeanNanos">Of the latency.</param>
/// <param name="PercentileNanos">In the order of <see cref="Percentiles"/>.</param>
/// <param name="MaxNanos">The longest.</param>
public sealed record OperationSecond(
    long Requests, long Hits, long Misses, double MeanNanos, IReadOnlyList<long> PercentileNanos, long MaxNanos)
{
    /// <summary>Those that every report shows, in percent.</summary>
    public static readonly double[] Percentiles = [50, 90, 95, 99, 99.9, 99.99];

    public static OperationSecond Of(OperationCounts counts) => new(
        counts.Requests, counts.Hits, counts.Misses, counts.Latency.Mean,
        [.. Percentiles.Select(counts.Latency.Percentile)], counts.Latency.Max);
}
