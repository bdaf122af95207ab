namespace Memcachier.Management.Metrics;

/// <summary>What a family of metrics is (OpenMetrics 1.0 §Metric Types), and what its samples are called.</summary>
internal enum MetricType : byte
{
    /// <summary>Goes up only. Its name ends in _total, which OpenMetrics does not count as the family's.</summary>
    Counter,

    /// <summary>
    /// A counter whose name memcached_exporter has without _total. OpenMetrics would change the name of its samples, so
    /// there it is of unknown type: who asks for it by name has to find it in both formats.
    /// </summary>
    BareCounter,

    Gauge,

    Histogram,

    /// <summary>
    /// Labels that are the value; the sample is 1. Its name ends in _info, which OpenMetrics does not count as the
    /// family's, and for Prometheus it is a gauge.
    /// </summary>
    Info,
}
