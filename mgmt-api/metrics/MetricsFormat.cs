namespace Memcachier.Management.Metrics;

/// <summary>The text formats in which metrics are exposed.</summary>
public enum MetricsFormat : byte
{
    /// <summary>Prometheus' own, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}
