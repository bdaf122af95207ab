using System;
using Memcachier.LoadTest.Traces;

namespace Memcachier.LoadTest.Replay;

/// <summary>What a replay found.</summary>
/// <param name="Counts">Of all connections.</param>
/// <param name="Format">The trace's format, as given or found out.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
public sealed record ReplayResult(ReplayCounts Counts, TraceFormat Format, TimeSpan Elapsed)
{
    public double RequestsPerSecond => Elapsed > TimeSpan.Zero ? Counts.Requests / Elapsed.TotalSeconds : 0;
}
