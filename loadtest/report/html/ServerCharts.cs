using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Metrics;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>The charts of what a server said of itself.</summary>
internal static class ServerCharts
{
    /// <param name="server">With two samples or more.</param>
    /// <param name="spans">The run's load simulations.</param>
    public static IReadOnlyList<Chart> Of(ServerFigures server, IReadOnlyList<ChartSpan> spans)
    {
        ServerSample[] samples = Thinned(server.Samples);
        string[] commands =
            [.. ServerFigures.CommandsOf(samples[^1]).Where(each => ServerFigures.CommandRate(samples[0], samples[^1], each) > 0)];
        var charts = new List<Chart>();
        Add("Commands per second", "As the server counts them.", RunCharts.Count, null,
            [.. commands.Select(each => Changes(each, (before, after) => ServerFigures.CommandRate(before, after, each)))]);
        Add("Hit ratio of get", "Between one second and the next.", RunCharts.Percent, 1,
            Changes("hits", (before, after) => 1 - ServerFigures.MissRatio(before, after, "get")));
        Add("Processor", "The server's processor time, per second.", RunCharts.Percent, null,
            Changes("CPU", (before, after) => Rate(before, after, each => each.CpuSeconds)));
        Add("Memory", "Bytes of the items, of what they may take.", Bytes, null,
            Values("items", each => each.Bytes, Bytes), Values("limit", each => each.LimitBytes, Bytes));
        Add("Items", "How many there are.", RunCharts.Count, null, Values("items", each => each.Items, RunCharts.Count));
        Add("Evictions per second", "Items that made room for others.", RunCharts.Count, null,
            Changes("evictions", (before, after) => Rate(before, after, each => each.Evictions)));
        return charts;

        void Add(string title, string caption, Func<double, string> label, double? most, params ChartSeries[] series)
        {
            ChartSeries[] known = [.. series.Where(each => each.Points.Any(point => point.Y != null))];
            if (known.Length == 0) return;
            charts.Add(new Chart
            {
                Title = title,
                Caption = caption,
                X = ChartAxis.Time(samples[^1].Second),
                Y = ChartAxis.Linear(most ?? known.SelectMany(each => each.Points).Max(point => point.Y ?? 0), label),
                Spans = spans,
                Series = [.. known.Select(each => each.Figure.Length > 0 ? each : each with { Figure = Mean(each, label) })],
            });
        }

        ChartSeries Values(string name, Func<ServerSample, double?> value, Func<double, string> label) => new(
            name, value(samples[^1]) is { } last ? label(last) : "", [.. samples.Select(each => (each.Second, value(each)))]);

        ChartSeries Changes(string name, Func<ServerSample, ServerSample, double?> change) => new(
            name, "",
            [.. samples.Zip(samples.Skip(1)).Select(pair => (pair.Second.Second, change(pair.First, pair.Second)))]);
    }

    private static string Mean(ChartSeries series, Func<double, string> label) =>
        label(series.Points.Select(point => point.Y).OfType<double>().Average());

    private static double? Rate(ServerSample before, ServerSample after, Func<ServerSample, double?> value) =>
        (value(after) - value(before)) / Math.Max(after.Second - before.Second, 1e-9);

    private static ServerSample[] Thinned(IReadOnlyList<ServerSample> samples)
    {
        int step = (samples.Count + RunCharts.PointCountMax - 1) / RunCharts.PointCountMax;
        return [.. samples.Where((_, i) => i % step == 0 || i == samples.Count - 1)];
    }

    private static string Bytes(double bytes) => RunCharts.Count(bytes / 1e6) + " MB";
}
