using System.Collections.Generic;

namespace Memcachier.LoadTest.Report.Document;

/// <summary>One second of a run.</summary>
public sealed record SecondFigures
{
    /// <summary>From 1, where the warm-up ended.</summary>
    public required int Second { get; init; }

    /// <summary>The load simulation that it began in; null if the run has only one.</summary>
    public string? Simulation { get; init; }

    public required long Requests { get; init; }

    public required long Hits { get; init; }

    public required long Misses { get; init; }

    public required long Errors { get; init; }

    /// <summary>By kind, with underscores; only those that occurred.</summary>
    public OrderedDictionary<string, long> ErrorKinds { get; init; } = [];

    /// <summary>The client's threads' share of a processor, 0 to 1, on average.</summary>
    public required double ClientCpu { get; init; }

    /// <summary>As <see cref="OperationFigures.LatencyMicros"/>.</summary>
    public required OrderedDictionary<string, double> LatencyMicros { get; init; }

    /// <summary>By operation, if there are several.</summary>
    public OrderedDictionary<string, OperationFigures> Operations { get; init; } = [];
}
