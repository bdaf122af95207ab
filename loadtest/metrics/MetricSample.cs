using System.Collections.Generic;

namespace Memcachier.LoadTest.Metrics;

/// <summary>A line of a page of metrics.</summary>
/// <param name="Name">As in <c>memcached_commands_total</c>.</param>
/// <param name="Labels">Their names and values.</param>
/// <param name="Value">A number; may be infinite, or none (NaN).</param>
public sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
