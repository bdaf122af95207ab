namespace Memcachier.Bench.Compare;

/// <summary>What one server did in one run.</summary>
/// <param name="RequestsPerSecond">Answered.</param>
/// <param name="P50Nanos">Half of the requests took no longer.</param>
/// <param name="P99Nanos">Nor 99 % than this.</param>
public sealed record ComparedRun(double RequestsPerSecond, double P50Nanos, double P99Nanos)
{
    /// <summary>By the server's own counters; null of one that has none of those.</summary>
    public CountedRequests? Counted { get; init; }
}
