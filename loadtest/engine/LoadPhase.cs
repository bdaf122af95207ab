using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Engine;

/// <summary>One thread's part of a phase. Times are those of <see cref="Measure.LoadClock"/>.</summary>
internal sealed record LoadPhase
{
    public required PhaseKind Kind { get; init; }

    public required int Depth { get; init; }

    /// <summary>When the first request is due.</summary>
    public required long Start { get; init; }

    /// <summary>What is due from here on is measured.</summary>
    public required long MeasureStart { get; init; }

    /// <summary>Nothing is due from here on.</summary>
    public long End { get; init; } = long.MaxValue;

    /// <summary>Measured requests at most.</summary>
    public long RequestCountMax { get; init; } = long.MaxValue;

    /// <summary>What is due when, from <see cref="Start"/> on.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Given up when it is set.</summary>
    public required System.Threading.CancellationToken Cancel { get; init; }
}
