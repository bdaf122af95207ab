namespace Memcachier.LoadTest.Measure;

/// <summary>One second of the run: what was answered in it.</summary>
/// <param name="Index">From 0, where the warm-up ended.</param>
/// <param name="Counts">Of all operations.</param>
/// <param name="Errors">Requests that went wrong.</param>
public sealed record SecondSample(int Index, OperationCounts Counts, long Errors)
{
    /// <summary>The simulation that it began in; null if the run has only one.</summary>
    public string? Simulation { get; init; }
}
