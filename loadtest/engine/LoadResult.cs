using System;
using System.Collections.Generic;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Metrics;

namespace Memcachier.LoadTest.Engine;

/// <summary>How a run went.</summary>
public sealed record LoadResult
{
    /// <summary>What was measured, of all threads.</summary>
    public required Measurement Total { get; init; }

    /// <summary>And in each second; the last one may be shorter, or longer by answers that came late.</summary>
    public required IReadOnlyList<SecondSample> Seconds { get; init; }

    /// <summary>When the warm-up ended, by the calendar.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>From the end of the warm-up to the end of the time that was asked for, or to the last answer.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>And in each of the simulations, one after the other.</summary>
    public IReadOnlyList<SimulationResult> Simulations { get; init; } = [];

    /// <summary>Requests that were due and had not been sent when the time was over.</summary>
    public required long Unsent { get; init; }

    /// <summary>Of each thread, the share of a processor that it used, 0 to 1.</summary>
    public required IReadOnlyList<double> ClientCpu { get; init; }

    /// <summary>
    /// What the threads allocated while they measured: nothing for a request, a table for each operation and second.
    /// </summary>
    public required long ClientAllocatedBytes { get; init; }

    /// <summary>What went wrong while the keys were stored.</summary>
    public required ErrorCounts PreloadErrors { get; init; }

    /// <summary>Counters that were compared with the updates that were acknowledged.</summary>
    public long CountersChecked { get; init; }

    /// <summary>Counters that were not there any more at the end, of whose updates nothing is known.</summary>
    public long CountersGone { get; init; }

    /// <summary>True if the run was ended before it was over.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>What the server said of itself; null if it was not asked.</summary>
    public ServerFigures? Server { get; init; }

    public double RequestsPerSecond => Elapsed.TotalSeconds > 0 ? Total.Requests / Elapsed.TotalSeconds : 0;

    /// <summary>Why the figures may say more of the client than of the server; empty if they do not.</summary>
    public IReadOnlyList<string> Warnings => Engine.Warnings.Of(this);
}
