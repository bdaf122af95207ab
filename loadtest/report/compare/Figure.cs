using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Memcachier.LoadTest.Report.Document;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>Something that runs are compared by: how it is taken from a run, and from one of its seconds.</summary>
/// <param name="Name"><c>rate</c>, <c>mean</c>, <c>p50</c> to <c>p99.99</c>, <c>max</c>, <c>misses</c> or <c>errors</c>.</param>
/// <param name="Operation">Whose it is; null for all together.</param>
public sealed record Figure(string Name, string? Operation)
{
    /// <summary>In the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["rate", "mean", .. LoadReport.Percentiles.Select(LoadReport.NameOf), "max", "misses", "errors"];

    /// <summary>Of a load simulation, and of connecting anew.</summary>
    public static readonly IReadOnlyList<string> FewNames = ["rate", "p50", "p99"];

    /// <summary>What connecting anew is called, among the operations.</summary>
    public const string Connect = "connect";

    /// <summary>The load simulation that it is of; null for the whole run. There is no operation, then.</summary>
    public string? Simulation { get; init; }

    public FigureKind Kind => Name switch
    {
        "rate" => FigureKind.Rate,
        "misses" or "errors" => FigureKind.Percent,
        _ => FigureKind.Latency,
    };

    /// <summary>As limits name it: <c>get.p99</c>.</summary>
    public string FullName => (Simulation ?? Operation) is { } of ? $"{of}.{Name}" : Name;

    /// <summary>True if a run knows of each second what it was.</summary>
    public bool IsOfSeconds => Operation != Connect;

    public bool IsBetter(double value, double than) => Kind == FigureKind.Rate ? value > than : value < than;

    /// <summary>With its unit.</summary>
    public string Show(double value) => Kind switch
    {
        FigureKind.Rate => value.ToString("0", CultureInfo.InvariantCulture) + "/s",
        FigureKind.Latency => RunTables.Latency(value),
        _ => value.ToString("0.00##", CultureInfo.InvariantCulture) + "%",
    };

    /// <summary>Null if the run has no such figure.</summary>
    public double? Of(RunDocument run)
    {
        SimulationFigures? simulation = SimulationOf(run);
        OperationFigures? figures = Simulation != null ? simulation?.Total
            : Operation == null ? run.Total
            : Operation == Connect ? run.Connect
            : run.Operations.GetValueOrDefault(Operation);
        if (figures == null || figures.Requests == 0) return null;
        return Name switch
        {
            "rate" => figures.Requests / Math.Max(simulation?.DuringSeconds ?? run.ElapsedSeconds, 1e-9),
            "misses" => 100 * figures.MissRatio,
            "errors" => Operation == null ? 100.0 * run.Errors.Total / figures.Requests : null,
            _ => Latency(figures.LatencyMicros),
        };
    }

    /// <summary>Of each second that is whole and has it.</summary>
    public IReadOnlyList<double> OfSeconds(RunDocument run)
    {
        const double Whole = 0.95, Tolerance = 1 - Whole;
        SimulationFigures? simulation = SimulationOf(run);
        if (!IsOfSeconds || (Simulation != null && simulation == null)) return [];
        // A second that began in one simulation and ended in another tells of neither.
        double from = (simulation?.StartSeconds ?? 0) - Tolerance;
        double to = simulation == null
            ? double.MaxValue
            : simulation.StartSeconds + simulation.DuringSeconds + Tolerance;
        return
        [
            .. run.Seconds
                .Where(second => run.LengthOf(second) >= Whole && second.Second - 1 >= from && second.Second <= to)
                .Select(second => Of(run, second)).OfType<double>(),
        ];
    }

    /// <summary>Null if it is of none; or the run has none of the name, or several: which is meant is not known.</summary>
    private SimulationFigures? SimulationOf(RunDocument run)
    {
        SimulationFigures[] found = [.. run.Simulations.Where(each => each.Name == Simulation)];
        return found.Length == 1 && run.Simulations.Count > 1 ? found[0] : null;
    }

    private double? Of(RunDocument run, SecondFigures second)
    {
        // Where there is one operation, its seconds are those of all.
        bool isWhole = Operation == null || second.Operations.Count == 0;
        OperationFigures? part = isWhole ? null : second.Operations.GetValueOrDefault(Operation!);
        if (!isWhole && part == null) return null;
        long requests = part?.Requests ?? second.Requests;
        if (Name == "rate") return requests / run.LengthOf(second);
        if (requests == 0) return null;
        long hits = part?.Hits ?? second.Hits, misses = part?.Misses ?? second.Misses;
        return Name switch
        {
            "misses" => hits + misses == 0 ? null : 100.0 * misses / (hits + misses),
            "errors" => Operation == null ? 100.0 * second.Errors / requests : null,
            _ => Latency(part?.LatencyMicros ?? second.LatencyMicros),
        };
    }

    private double? Latency(OrderedDictionary<string, double> micros) =>
        micros.TryGetValue(Name, out double value) ? value : null;
}
