namespace Memcachier.LoadTest.Report.Document;

/// <summary>One of a run's load simulations, and what was measured of the requests that were due in it.</summary>
public sealed record SimulationFigures
{
    /// <summary>As the scenario calls it; not always the only one of that name.</summary>
    public required string Name { get; init; }

    /// <summary>As the scenario writes it: <c>keep_constant</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>From the end of the warm-up.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>How long it went on; 0 if the run was ended before it.</summary>
    public required double DuringSeconds { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Requests that were due in it and were never sent.</summary>
    public long Unsent { get; init; }

    public long Errors { get; init; }

    /// <summary>Of all operations together.</summary>
    public required OperationFigures Total { get; init; }
}
