using System.Collections.Generic;
using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Scenarios;

/// <summary>A load test in a file: what the command line would say, and what it has no words for.</summary>
public sealed record Scenario
{
    /// <summary>What it is called; null if that is not said.</summary>
    public string? Name { get; init; }

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<SwitchValue> Switches { get; init; }

    /// <summary>How the load goes; empty if the switches say that.</summary>
    public required IReadOnlyList<LoadSimulation> Simulations { get; init; }
}
