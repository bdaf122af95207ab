namespace Memcachier.LoadTest.Report.Compare;

/// <summary>What a figure is measured in, and which way is better.</summary>
public enum FigureKind
{
    /// <summary>Requests per second; more is better.</summary>
    Rate,

    /// <summary>Microseconds; less is better.</summary>
    Latency,

    /// <summary>Percent of the keys or requests; less is better.</summary>
    Percent,
}
