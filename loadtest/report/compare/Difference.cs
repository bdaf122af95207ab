using System;
using System.Globalization;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>A figure of one side against the baseline's.</summary>
public sealed record Difference
{
    /// <summary>The buckets of the histograms are up to 0.4 % wide: less than this is no difference.</summary>
    private const double ResolutionShare = 0.005;

    public required Figure Figure { get; init; }

    public required double Baseline { get; init; }

    public required double Value { get; init; }

    /// <summary>In the figure's unit; null if the runs are too short to know.</summary>
    public required double? Noise { get; init; }

    public double? Ratio => Baseline == 0 ? null : Value / Baseline;

    /// <summary>How much more it is: in percent of the baseline, but in percent points if the figure is in percent.</summary>
    public double Change => Figure.Kind == FigureKind.Percent
        ? Value - Baseline
        : 100 * (Value - Baseline) / Math.Max(Baseline, double.Epsilon);

    public Verdict Verdict
    {
        get
        {
            if (Noise is not { } noise) return Verdict.Unknown;
            if (Math.Abs(Value - Baseline) <= noise) return Verdict.Same;
            return Figure.IsBetter(Value, Baseline) ? Verdict.Better : Verdict.Worse;
        }
    }

    /// <summary>Null if one of them has no such figure.</summary>
    public static Difference? Of(Figure figure, CompareSide baseline, CompareSide side)
    {
        if (baseline.ValueOf(figure) is not { } before || side.ValueOf(figure) is not { } after) return null;
        double? noise = baseline.NoiseOf(figure) is { } one && side.NoiseOf(figure) is { } two
            ? Math.Max(Math.Sqrt((one * one) + (two * two)), ResolutionShare * Math.Max(before, after))
            : null;
        return new Difference { Figure = figure, Baseline = before, Value = after, Noise = noise };
    }

    public string RatioText => Ratio?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>In percent of the baseline, or in percent points.</summary>
    public string NoiseText
    {
        get
        {
            if (Noise is not { } noise) return "?";
            bool isShare = Figure.Kind == FigureKind.Percent;
            if (!isShare && Baseline == 0) return "-";
            double percent = isShare ? noise : 100 * noise / Baseline;
            return "±" + percent.ToString(percent < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";
        }
    }

    public string VerdictText => Verdict switch
    {
        Verdict.Same => "no difference",
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        _ => Figure.IsOfSeconds ? "too short to tell" : "one run cannot tell",
    };
}
