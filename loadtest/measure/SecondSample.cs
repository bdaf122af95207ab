using System.Collections.Generic;

namespace Memcachier.LoadTest.Measure;

/// <summary>One second of the run: what was answered in it.</summary>
/// <param name="Index">From 0, where the warm-up ended.</param>
/// <param name="All">All operations as if they were one.</param>
/// <param name="Errors">Requests that went wrong.</param>
public sealed record SecondSample(int Index, OperationSecond All, long Errors)
{
    /// <summary>The simulation that it began in; null if the run has only one.</summary>
    public string? Simulation { get; init; }

    /// <summary>Of each operation, in the order of the mix.</summary>
    public IReadOnlyList<OperationSecond> Operations { get; init; } = [];

    /// <summary>The errors by kind.</summary>
    public ErrorCounts ErrorsByKind { get; init; } = new();

    /// <summary>A thousandth of the requests were sent so much later than they could have been; 0 in the closed loop.</summary>
    public long LagNanos { get; init; }

    /// <summary>The client's threads' share of a processor, 0 to 1, on average.</summary>
    public double ClientCpu { get; init; }
}
