using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Measure;

/// <summary>What is kept of an operation's second: figures, since the buckets of every second would fill the memory.</summary>
/// <param name="Requests">Those with an answer.</param>
/// <param name="Hits">Keys that were there.</param>
/// <param name="Misses">Keys that were not.</param>
/// <param name="BytesRead">Of values that the server answered with.</param>
/// <param name="BytesWritten">Of values that the server accepted.</param>
/// <param name="MeanNanos">Of the latency.</param>
/// <param name="PercentileNanos">In the order of <see cref="Percentiles"/>.</param>
/// <param name="MaxNanos">The longest.</param>
public sealed record OperationSecond(
    long Requests, long Hits, long Misses, long BytesRead, long BytesWritten, double MeanNanos,
    IReadOnlyList<long> PercentileNanos, long MaxNanos)
{
    /// <summary>Those that every report shows, in percent.</summary>
    public static readonly double[] Percentiles = [50, 90, 95, 99, 99.9, 99.99];

    /// <summary>One of <see cref="Percentiles"/>, in nanoseconds.</summary>
    public long Percentile(double percent) => PercentileNanos[Array.IndexOf(Percentiles, percent)];

    public static OperationSecond Of(OperationCounts counts) => new(
        counts.Requests, counts.Hits, counts.Misses, counts.BytesRead, counts.BytesWritten, counts.Latency.Mean,
        [.. Percentiles.Select(counts.Latency.Percentile)], counts.Latency.Max);
}
