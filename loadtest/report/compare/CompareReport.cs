using System.Collections.Generic;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Report.Html;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>A comparison for people: on the terminal, in Markdown, as a page.</summary>
public static class CompareReport
{
    public static void Print(Comparison comparison, TextWriter output)
    {
        foreach (string note in Notes(comparison)) output.WriteLine($"warning: {note}");
        ReportTable table = Table(comparison);
        int[] widths = [.. table.Header.Select((text, i) => table.Rows.Select(row => row[i].Length).Append(text.Length).Max())];
        PrintRow(table.Header, widths, output);
        foreach (IReadOnlyList<string> row in table.Rows) PrintRow(row, widths, output);
    }

    public static void WriteMarkdown(Comparison comparison, TextWriter output)
    {
        output.Write("### Comparison of load tests\n\n");
        foreach (string note in Notes(comparison)) output.Write($"- **warning**: {MarkdownReport.Escaped(note)}\n");
        if (Notes(comparison).Count > 0) output.Write('\n');
        MarkdownReport.WriteTable(Table(comparison), output);
    }

    public static void WriteHtml(Comparison comparison, TextWriter output)
    {
        var html = new HtmlWriter(output);
        string names = string.Join(", ", comparison.Sides.Skip(1).Select(side => side.Name));
        HtmlPage.Begin(html, $"{names} against {comparison.Baseline.Name}");
        html.Line($"""<header><div class="top"><h1>{names} against {comparison.Baseline.Name}</h1></div></header><main>""");
        HtmlPage.WriteNotes(Notes(comparison).Select(note => $"Warning: {note}"), html);
        html.Line($"""<section aria-labelledby="figures"><h2 id="figures">Figures</h2>""");
        HtmlPage.WriteTable(Table(comparison), "Figures", html);
        html.Line($"</section>");
        HtmlReport.WriteCharts(Charts(comparison), html);
        html.Line($"""<section aria-labelledby="settings"><h2 id="settings">Settings</h2>""");
        HtmlPage.WriteTable(Settings(comparison), "Settings", html);
        html.Line($"</section></main>");
        HtmlPage.End(html);
    }

    private static IReadOnlyList<string> Notes(Comparison comparison) =>
    [
        .. comparison.SettingsDifferences.Select(each => $"the loads differ: {each}"),
        .. comparison.Sides.SelectMany(side => side.Runs.SelectMany(run => run.Client.Warnings).Distinct()
            .Select(warning => $"{side.Name}: {warning}")),
    ];

    private static ReportTable Table(Comparison comparison)
    {
        var header = new List<string> { "figure", comparison.Baseline.Name };
        foreach (CompareSide side in comparison.Sides.Skip(1)) header.AddRange([side.Name, "ratio", "noise", "verdict"]);
        var rows = new List<IReadOnlyList<string>>();
        foreach (Figure figure in comparison.Figures)
        {
            var row = new List<string> { figure.FullName, figure.Show(comparison.Baseline.ValueOf(figure)!.Value) };
            foreach (CompareSide side in comparison.Sides.Skip(1))
            {
                row.AddRange(comparison.DifferenceOf(figure, side) is { } difference
                    ? [figure.Show(difference.Value), difference.RatioText, difference.NoiseText, difference.VerdictText]
                    : ["-", "-", "-", "not there"]);
            }
            rows.Add(row);
        }
        return new ReportTable(header, rows);
    }

    private static ReportTable Settings(Comparison comparison)
    {
        IReadOnlyList<(string Name, string Value)>[] settings =
            [.. comparison.Sides.Select(side => RunTables.Settings(side.Runs[0]))];
        return new ReportTable(
            ["setting", .. comparison.Sides.Select(side => side.Name)],
            [
                .. settings.SelectMany(each => each.Select(one => one.Name)).Distinct().Select(name => (string[])
                [
                    name, .. settings.Select(each => each.FirstOrDefault(one => one.Name == name).Value ?? "-"),
                ]),
            ]) { IsOfTexts = true };
    }

    private static List<Chart> Charts(Comparison comparison)
    {
        (string Name, RunDocument Run)[] runs =
        [
            .. comparison.Sides.SelectMany(side => side.Runs.Select((run, i) =>
                (side.Runs.Count == 1 ? side.Name : $"{side.Name}, run {i + 1}", run))),
        ];
        var charts = new List<Chart>();
        if (runs.All(each => RunCharts.GroupsOf(each.Run).Length > 0))
        {
            charts.Add(RunCharts.OverTime(
                "Requests per second", runs, run => run.RequestsPerSecond, second => second.Requests, isLatency: false));
            charts.Add(RunCharts.OverTime(
                "p99 over time", runs, run => run.Total.LatencyMicros.GetValueOrDefault("p99"),
                second => second.LatencyMicros.GetValueOrDefault("p99"), isLatency: true));
        }
        ChartSeries[] percentiles =
        [
            .. runs.Where(each => each.Run.Total.Histogram.Counts.Count > 0)
                .Select(each => RunCharts.PercentileSeries(each.Name, each.Run.Total)),
        ];
        if (percentiles.Length > 0)
        {
            charts.Add(RunCharts.LatencyByPercentile(
                percentiles, runs.Max(each => each.Run.Total.Requests),
                "How many requests were no slower; on logarithmic scales. The figure is the maximum.") with { IsWide = true });
        }
        return charts;
    }

    private static void PrintRow(IReadOnlyList<string> row, int[] widths, TextWriter output)
    {
        // The verdicts are words; everything else but the name is a number.
        IEnumerable<string> cells = row.Select((text, i) =>
            i == 0 || (i > 1 && (i - 1) % 4 == 0) ? text.PadRight(widths[i]) : text.PadLeft(widths[i]));
        output.WriteLine(string.Join("  ", cells).TrimEnd());
    }
}
