using System.Collections.Generic;

namespace Memcachier.LoadTest.Report.Document;

/// <summary>What was measured of an operation, or of all.</summary>
public sealed record OperationFigures
{
    public required long Requests { get; init; }

    public required long Hits { get; init; }

    public required long Misses { get; init; }

    /// <summary>Requests that stored nothing, as their condition was not met.</summary>
    public long NotStored { get; init; }

    public long BytesRead { get; init; }

    public long BytesWritten { get; init; }

    /// <summary><c>mean</c>, <c>p50</c> to <c>p99.99</c> and <c>max</c>, in microseconds.</summary>
    public required OrderedDictionary<string, double> LatencyMicros { get; init; }

    public HistogramFigures Histogram { get; init; } = new() { UpToMicros = [], Counts = [] };

    /// <summary>0 to 1; null if no key was asked for.</summary>
    public double? MissRatio => Hits + Misses == 0 ? null : (double)Misses / (Hits + Misses);
}
