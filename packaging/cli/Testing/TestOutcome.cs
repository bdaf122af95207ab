namespace Memcachier.Cli.Testing;

/// <summary>How one test ended.</summary>
public enum TestOutcome
{
    Passed,
    Failed,
    Skipped,
}
