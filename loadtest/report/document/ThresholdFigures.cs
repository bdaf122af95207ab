namespace Memcachier.LoadTest.Report.Document;

/// <summary>A limit of <c>--fail-if</c> and what became of it.</summary>
public sealed record ThresholdFigures
{
    /// <summary>As the user wrote it.</summary>
    public required string FailIf { get; init; }

    /// <summary>What was measured, with its unit.</summary>
    public required string Actual { get; init; }

    public required bool IsFailed { get; init; }
}
