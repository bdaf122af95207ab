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

    public FigureKind Kind => Name switch
    {
        "rate" => FigureKind.Rate,
        "misses" or "errors" => FigureKind.Percent,
        _ => FigureKind.Latency,
    };

    /// <summary>As limits name it: <c>get.p99</c>.</summary>
    public string FullName => Operation == null ? Name : $"{Operation}.{Name}";

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
        OperationFigures? figures = Operation == null ? run.Total : run.Operations.GetValueOrDefault(Operation);
        if (figures == null || figures.Requests == 0) return null;
        return Name switch
        {
            "rate" => figures.Requests / Math.Max(run.ElapsedSeconds, 1e-9),
            "misses" => 100 * figures.MissRatio,
            "errors" => Operation == null ? 100.0 * run.Errors.Total / figures.Requests : null,
            _ => Latency(figures.LatencyMicros),
        };
    }

    /// <summary>Of each second that is whole and has it.</summary>
    public IReadOnlyList<double> OfSeconds(RunDocument run)
    {
        const double Whole = 0.95;
        return
        [
            .. run.Seconds.Where(second => run.LengthOf(second) >= Whole)
                .Select(second => Of(run, second)).OfType<double>(),
        ];
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
