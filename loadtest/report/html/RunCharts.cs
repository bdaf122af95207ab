using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Memcachier.LoadTest.Report.Document;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>The charts of a run.</summary>
internal static class RunCharts
{
    /// <summary>Points of a line at most: a screen has no more.</summary>
    public const int PointCountMax = 300;

    private const double ShortSecond = 0.2;

    /// <summary>Above this, a warning says that the client is the bottleneck.</summary>
    private const double CpuShareMax = 0.9;

    private static readonly string[] ShownPercentiles = ["p50", "p90", "p99", "p99.9", "max"];

    public static IReadOnlyList<Chart> Of(RunDocument run)
    {
        IReadOnlyList<SecondFigures>[] groups = GroupsOf(run);
        var charts = new List<Chart>();
        if (groups.Length > 0)
        {
            charts.Add(Rate(run, groups));
            charts.Add(LatencyOverTime(run, groups));
        }
        if (run.Total.Histogram.Counts.Count > 0) charts.Add(LatencyByPercentile(run));
        if (groups.Length > 0 && run.Errors.Total > 0) charts.Add(Errors(run, groups));
        if (groups.Length > 0) charts.Add(ClientCpu(run, groups));
        return charts;
    }

    /// <summary>How often each latency was exceeded, by operation, from the whole run.</summary>
    public static ChartSeries PercentileSeries(string name, OperationFigures figures)
    {
        var points = new List<(double, double?)>();
        HistogramFigures histogram = figures.Histogram;
        double seen = 0, lastPlace = -1;
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            seen += histogram.Counts[i];
            // The last one lies at infinity; it is drawn where the one before it is about to end.
            double share = Math.Min(seen / figures.Requests, 1 - (1.0 / Math.Max(figures.Requests, 2)));
            double place = -Math.Log10(1 - share);
            bool isLast = i == histogram.Counts.Count - 1;
            if (!isLast && place - lastPlace < 0.02) continue;
            if (points.Count == 0) points.Add((0, histogram.UpToMicros[0]));
            points.Add((share, histogram.UpToMicros[i]));
            lastPlace = place;
        }
        return new ChartSeries(name, Latency(figures.LatencyMicros.GetValueOrDefault("max")), points);
    }

    public static Chart LatencyByPercentile(IReadOnlyList<ChartSeries> series, long count, string caption)
    {
        double[] values = [.. series.SelectMany(each => each.Points).Select(point => point.Y ?? 0).Where(y => y > 0)];
        return new Chart
        {
            Title = "Latency by percentile",
            Caption = caption,
            X = ChartAxis.Percentiles(count),
            Y = ChartAxis.Log(values.DefaultIfEmpty(1).Min(), values.DefaultIfEmpty(1).Max(), RoundLatency),
            Series = series,
        };
    }

    /// <summary>A figure of several runs.</summary>
    /// <param name="title">Which figure.</param>
    /// <param name="runs">With their names; each has a second or more.</param>
    /// <param name="whole">The figure of a whole run.</param>
    /// <param name="part">And of a second.</param>
    /// <param name="isLatency">True if the worst second of a group counts and the scale is logarithmic.</param>
    public static Chart OverTime(
        string title, IReadOnlyList<(string Name, RunDocument Run)> runs, Func<RunDocument, double> whole,
        Func<SecondFigures, double> part, bool isLatency)
    {
        ChartSeries[] series =
        [
            .. runs.Select(each => new ChartSeries(
                each.Name, isLatency ? Latency(whole(each.Run)) : Count(whole(each.Run)),
                [
                    .. GroupsOf(each.Run).Select(group => (PlaceOf(group), (double?)(isLatency
                        ? group.Max(part)
                        : group.Sum(part) / group.Sum(each.Run.LengthOf)))),
                ])),
        ];
        double[] values = [.. series.SelectMany(each => each.Points).Select(point => point.Y ?? 0).Where(y => y > 0)];
        double most = values.DefaultIfEmpty(1).Max();
        return new Chart
        {
            Title = title,
            Caption = isLatency ? "On a logarithmic scale." : "Answers.",
            X = ChartAxis.Time(runs.Max(each => TimeOf(each.Run))),
            Y = isLatency
                ? ChartAxis.Log(values.DefaultIfEmpty(1).Min(), most, RoundLatency)
                : ChartAxis.Linear(most, Count),
            Series = series,
        };
    }

    public static string Latency(double micros) => LatencyText.Of(micros * 1000);

    /// <summary>As <see cref="Latency"/>, of a number that is round.</summary>
    public static string RoundLatency(double micros) => micros switch
    {
        < 1e3 => FormattableString.Invariant($"{micros:0.###} µs"),
        < 1e6 => FormattableString.Invariant($"{micros / 1e3:0.###} ms"),
        _ => FormattableString.Invariant($"{micros / 1e6:0.###} s"),
    };

    /// <summary>1234, 56.7 k, 1.2 M.</summary>
    public static string Count(double number) => number switch
    {
        >= 10_000_000 => (number / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + " M",
        >= 1_000_000 => (number / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 10_000 => (number / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + " k",
        >= 100 or 0 => number.ToString("0", CultureInfo.InvariantCulture),
        _ => number.ToString("0.##", CultureInfo.InvariantCulture),
    };

    public static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>Seconds that share a point. The beginning of one that the run did not finish says little.</summary>
    public static IReadOnlyList<SecondFigures>[] GroupsOf(RunDocument run)
    {
        SecondFigures[] seconds =
            [.. run.Seconds.Where(second => run.Seconds.Count == 1 || run.LengthOf(second) >= ShortSecond)];
        int size = (seconds.Length + PointCountMax - 1) / PointCountMax;
        return size == 0 ? [] : [.. seconds.Chunk(size)];
    }

    /// <summary>In the middle of its seconds.</summary>
    public static double PlaceOf(IReadOnlyList<SecondFigures> group) =>
        (group[0].Second + group[^1].Second - 1) / 2.0;

    public static double RateOf(RunDocument run, IReadOnlyList<SecondFigures> group, Func<SecondFigures, long> count) =>
        group.Sum(count) / group.Sum(run.LengthOf);

    private static Chart Rate(RunDocument run, IReadOnlyList<SecondFigures>[] groups)
    {
        var series = new List<ChartSeries> { SeriesOf("all", run.Total.Requests, second => second.Requests) };
        if (run.Operations.Count > 1)
        {
            series.AddRange(run.Operations.Select(each => SeriesOf(
                each.Key, each.Value.Requests, second => second.Operations.GetValueOrDefault(each.Key)?.Requests ?? 0)));
        }
        return new Chart
        {
            Title = "Requests per second",
            Caption = Resolution("answers of each second", groups, "the mean"),
            X = ChartAxis.Time(TimeOf(run)),
            Y = ChartAxis.Linear(series[0].Points.Max(point => point.Y ?? 0), Count),
            Series = series,
            Notes = NotesOf(groups, group => $"{Count(RateOf(run, group, second => second.Requests))} requests/s"),
            Spans = ChartSpan.Of(run),
            IsWide = true,
        };

        ChartSeries SeriesOf(string name, long total, Func<SecondFigures, long> count) => new(
            name, Count(total / Math.Max(run.ElapsedSeconds, 1e-9)),
            [.. groups.Select(group => (PlaceOf(group), (double?)RateOf(run, group, count)))]);
    }

    private static Chart LatencyOverTime(RunDocument run, IReadOnlyList<SecondFigures>[] groups)
    {
        ChartSeries[] series =
        [
            .. ShownPercentiles.Select(name => new ChartSeries(
                name, Latency(run.Total.LatencyMicros.GetValueOrDefault(name)),
                [.. groups.Select(group => (PlaceOf(group), Worst(group, name)))])),
        ];
        double[] values = [.. series.SelectMany(each => each.Points).Select(point => point.Y ?? 0).Where(y => y > 0)];
        return new Chart
        {
            Title = "Latency over time",
            Caption = Resolution("percentiles of each second, on a logarithmic scale", groups, "the worst"),
            X = ChartAxis.Time(TimeOf(run)),
            Y = ChartAxis.Log(values.DefaultIfEmpty(1).Min(), values.DefaultIfEmpty(1).Max(), RoundLatency),
            Series = series,
            Notes = NotesOf(groups, group => string.Join(
                ", ", ShownPercentiles.Select(name => $"{name} {Latency(Worst(group, name) ?? 0)}"))),
            Spans = ChartSpan.Of(run),
            IsWide = true,
        };
    }

    private static Chart LatencyByPercentile(RunDocument run)
    {
        var series = new List<ChartSeries>();
        if (run.Operations.Count != 1) series.Add(PercentileSeries("all", run.Total));
        series.AddRange(run.Operations
            .Where(each => each.Value.Requests > 0)
            .Select(each => PercentileSeries(each.Key, each.Value)));
        return LatencyByPercentile(
            series, run.Total.Requests, "How many requests were no slower; on logarithmic scales. The figure is the maximum.");
    }

    private static Chart Errors(RunDocument run, IReadOnlyList<SecondFigures>[] groups)
    {
        ChartSeries[] series =
        [
            .. run.Errors.Kinds().Select(kind => new ChartSeries(
                kind.Name, Count(kind.Count),
                [.. groups.Select(group => (PlaceOf(group), (double?)group.Sum(second =>
                    second.ErrorKinds.GetValueOrDefault(kind.Name.Replace(' ', '_')))))])),
        ];
        return new Chart
        {
            Title = "Errors",
            Caption = Resolution("errors of each second, by kind", groups, "the sum"),
            X = ChartAxis.Time(TimeOf(run)),
            Y = ChartAxis.Linear(series.SelectMany(each => each.Points).Max(point => point.Y ?? 0), Count),
            Series = series,
            Notes = NotesOf(groups, group => $"{group.Sum(second => second.Errors)} errors"),
            Spans = ChartSpan.Of(run),
        };
    }

    private static Chart ClientCpu(RunDocument run, IReadOnlyList<SecondFigures>[] groups) => new()
    {
        Title = "Client CPU",
        Caption = "A thread's share of a processor, on average. Above the line, the client is the bottleneck.",
        X = ChartAxis.Time(TimeOf(run)),
        Y = ChartAxis.Linear(1, Percent),
        Limit = CpuShareMax,
        Series =
        [
            new ChartSeries("threads", Percent(Math.Round(run.Client.Cpu.DefaultIfEmpty(0).Average(), 2)),
            [
                .. groups.Select(group => (PlaceOf(group), (double?)group.Max(second => second.ClientCpu))),
            ]),
        ],
        Notes = NotesOf(groups, group => Percent(group.Max(second => second.ClientCpu))),
        Spans = ChartSpan.Of(run),
    };

    private static double? Worst(IReadOnlyList<SecondFigures> group, string name)
    {
        double worst = group.Max(second => second.LatencyMicros.GetValueOrDefault(name));
        return worst > 0 ? worst : null;
    }

    private static double TimeOf(RunDocument run) => Math.Max(run.Seconds[^1].Second - 1 + run.LengthOf(run.Seconds[^1]), 0.001);

    private static string Resolution(string what, IReadOnlyList<SecondFigures>[] groups, string how)
    {
        string text = char.ToUpperInvariant(what[0]) + what[1..];
        return groups[0].Count == 1 ? $"{text}." : $"{text}; each point is {how} of {groups[0].Count} seconds.";
    }

    private static IReadOnlyList<(double, string)> NotesOf(
        IReadOnlyList<SecondFigures>[] groups, Func<IReadOnlyList<SecondFigures>, string> text) =>
    [
        .. groups.Select(group => (PlaceOf(group), group.Count == 1
            ? $"second {group[0].Second}: {text(group)}"
            : $"seconds {group[0].Second} to {group[^1].Second}: {text(group)}")),
    ];
}
