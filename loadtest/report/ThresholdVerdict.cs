namespace Memcachier.LoadTest.Report;

/// <summary>What became of a limit.</summary>
/// <param name="Text">The limit as the user wrote it.</param>
/// <param name="Figure">Whose limit it is.</param>
/// <param name="Actual">What was measured, with its unit.</param>
/// <param name="IsFailed">True if it is beyond the limit.</param>
public sealed record ThresholdVerdict(string Text, string Figure, string Actual, bool IsFailed)
{
    /// <summary>Null, or the sentence that says how the limit was missed.</summary>
    public string? Sentence => IsFailed ? $"{Figure} is {Actual}, which --fail-if '{Text}' forbids" : null;
}
