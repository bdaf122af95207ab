using System.Collections.Generic;

namespace Memcachier.Cli.Testing;

/// <summary>One test: why it failed or was skipped, and the figures it printed as <c>measured: …</c>.</summary>
public sealed record TestResult(string Name, TestOutcome Outcome, string Message, IReadOnlyList<string> Measurements);
