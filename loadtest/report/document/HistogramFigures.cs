using System.Collections.Generic;

namespace Memcachier.LoadTest.Report.Document;

/// <summary>How many requests took how long: the buckets that are not empty, from short to long.</summary>
public sealed record HistogramFigures
{
    /// <summary>The longest that each bucket has.</summary>
    public required IReadOnlyList<double> UpToMicros { get; init; }

    /// <summary>How many are in it.</summary>
    public required IReadOnlyList<long> Counts { get; init; }
}
