using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>Runs against a baseline, figure by figure.</summary>
public sealed class Comparison
{
    private Comparison(IReadOnlyList<CompareSide> sides, IReadOnlyList<Figure> figures)
    {
        Sides = sides;
        Figures = figures;
        SettingsDifferences = [.. sides.Skip(1).SelectMany(side => Baseline.DifferencesTo(side)).Distinct()];
    }

    /// <summary>The first is the baseline.</summary>
    public IReadOnlyList<CompareSide> Sides { get; }

    public CompareSide Baseline => Sides[0];

    /// <summary>Those that the baseline has.</summary>
    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>Sentences about what makes the loads different; empty if they are the same.</summary>
    public IReadOnlyList<string> SettingsDifferences { get; }

    /// <param name="sides">Two or more.</param>
    public static Comparison Of(IReadOnlyList<CompareSide> sides)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sides.Count, 2);
        string[] operations = [.. sides[0].Runs[0].Operations.Keys];
        IEnumerable<Figure> figures = Figure.Names.Select(name => new Figure(name, null));
        if (operations.Length > 1)
            figures = figures.Concat(operations.SelectMany(each => Figure.Names.Select(name => new Figure(name, each))));
        figures = figures.Concat(Figure.FewNames.Select(name => new Figure(name, Figure.Connect)));
        figures = figures.Concat(SimulationsOf(sides).SelectMany(
            each => Figure.FewNames.Select(name => new Figure(name, null) { Simulation = each })));
        return new Comparison(sides, [.. figures.Where(figure => sides[0].ValueOf(figure) != null)]);
    }

    /// <summary>
    /// The baseline's, where every side has several. One that is called as an operation is left out: whose figure is
    /// meant could not be said.
    /// </summary>
    private static IEnumerable<string> SimulationsOf(IReadOnlyList<CompareSide> sides) =>
        sides.All(side => side.Runs.All(run => run.Simulations.Count > 1))
            ? sides[0].Runs[0].Simulations.Select(each => each.Name).Distinct()
                .Where(name => name != Figure.Connect && !sides[0].Runs[0].Operations.ContainsKey(name))
            : [];

    /// <summary>Null if that side has no such figure.</summary>
    public Difference? DifferenceOf(Figure figure, CompareSide side) => Difference.Of(figure, Baseline, side);
}
