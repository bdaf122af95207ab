using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Report.Document;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>A run as one page that needs nothing else: no network, no script.</summary>
public static class HtmlReport
{
    /// <summary>Rows of the table of seconds at most: more are put together, since the page is to stay below 1 MB.</summary>
    private const int SecondCountMax = 600;

    public static void Write(RunDocument run, TextWriter output)
    {
        var html = new HtmlWriter(output);
        string server = SettingOf(run, "server");
        string scenario = run.Scenario == null ? "" : $" “{run.Scenario}”";
        HtmlPage.Begin(html, $"Load test{scenario} of {server}");
        WriteHeader(run, scenario, server, html);
        html.Line($"<main>");
        WriteSummary(run, html);
        HtmlPage.WriteNotes(run.Client.Warnings.Select(warning => $"Warning: {warning}"), html);
        WriteTable("operations", "Operations", RunTables.Operations(run), html);
        WriteTable("simulations", "Load simulations", RunTables.Simulations(run), html);
        WriteCharts(RunCharts.Of(run), html);
        WriteServer(run, html);
        WriteJudgements(run, html);
        html.Line($"""<section aria-labelledby="settings"><h2 id="settings">Settings</h2>""");
        HtmlPage.WriteFacts(RunTables.Settings(run), html);
        html.Line($"</section>");
        WriteSeconds(run, html);
        html.Line($"</main>");
        HtmlPage.End(html);
    }

    internal static void WriteCharts(IReadOnlyList<Chart> charts, HtmlWriter html)
    {
        if (charts.Count == 0) return;
        html.Line($"""<section aria-labelledby="charts"><h2 id="charts">Charts</h2><div class="grid">""");
        foreach (Chart chart in charts) chart.Write(html);
        html.Line($"</div></section>");
    }

    private static string SettingOf(RunDocument run, string name) =>
        run.Settings.TryGetValue(name, out System.Text.Json.JsonElement value) ? RunTables.TextOf(value) : "a server";

    private static void WriteHeader(RunDocument run, string scenario, string server, HtmlWriter html)
    {
        string started = run.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        html.Line($"""<header><div class="top"><h1>Load test{scenario} of <span class="key">{server}</span></h1>""");
        if (RunTables.HasPassed(run) is { } hasPassed)
            html.Line($"""<p class="pill {(hasPassed ? "good" : "bad")}">{(hasPassed ? "passed" : "failed")}</p>""");
        html.Line($"""<p class="quiet">Measured for {run.ElapsedSeconds:0.0} s from <time datetime="{started.Replace(' ', 'T')}Z">{started} UTC</time></p></div></header>""");
    }

    private static void WriteSummary(RunDocument run, HtmlWriter html)
    {
        html.Line($"""<section aria-labelledby="summary"><h2 id="summary">Summary</h2><dl class="tiles">""");
        WriteTile("Requests/s", run.RequestsPerSecond.ToString("N0", CultureInfo.InvariantCulture), html);
        foreach (string name in (string[])["p50", "p99", "p99.9", "max"])
        {
            if (run.Total.LatencyMicros.TryGetValue(name, out double micros))
                WriteTile($"Latency, {name}", RunTables.Latency(micros), html);
        }
        WriteTile("Misses", RunTables.Misses(run.Total), html);
        WriteTile("Errors", run.Errors.Total.ToString("N0", CultureInfo.InvariantCulture), html);
        html.Line($"</dl>");
        HtmlPage.WriteFacts(RunTables.Facts(run), html);
        html.Line($"</section>");
    }

    private static void WriteTile(string name, string value, HtmlWriter html) =>
        html.Line($"""<div class="card"><dt>{name}</dt><dd class="headline">{value}</dd></div>""");

    private static void WriteServer(RunDocument run, HtmlWriter html)
    {
        IReadOnlyList<(string Name, string Value)> facts = run.Server?.Facts() ?? [];
        if (facts.Count == 0) return;
        html.Line($"""<section aria-labelledby="server"><h2 id="server">What the server says</h2>""");
        HtmlPage.WriteFacts(facts, html);
        html.Line($"""<div class="grid">""");
        foreach (Chart chart in ServerCharts.Of(run.Server!, ChartSpan.Of(run))) chart.Write(html);
        html.Line($"</div></section>");
    }

    private static void WriteJudgements(RunDocument run, HtmlWriter html)
    {
        WriteTable("limits", "Limits", RunTables.Thresholds(run), html);
        WriteTable("errors", "Errors", RunTables.Errors(run.Errors), html);
        WriteTable("preload-errors", "Errors of the preload", RunTables.Errors(run.PreloadErrors), html);
    }

    /// <summary>A table that is empty needs no section.</summary>
    private static void WriteTable(string id, string title, ReportTable table, HtmlWriter html)
    {
        if (table.Rows.Count == 0) return;
        html.Line($"""<section aria-labelledby="{id}"><h2 id="{id}">{title}</h2>""");
        HtmlPage.WriteTable(table, title, html);
        html.Line($"</section>");
    }

    private static void WriteSeconds(RunDocument run, HtmlWriter html)
    {
        if (run.Seconds.Count == 0) return;
        int step = (run.Seconds.Count + SecondCountMax - 1) / SecondCountMax;
        string title = step == 1 ? "Every second" : $"One second of {step}";
        html.Line($"""<details><summary>{title}</summary>""");
        HtmlPage.WriteTable(RunTables.Seconds(run.Seconds.Where((_, i) => i % step == 0)), title, html);
        html.Line($"</details>");
    }
}
