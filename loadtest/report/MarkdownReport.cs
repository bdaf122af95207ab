using System.Collections.Generic;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Report.Document;

namespace Memcachier.LoadTest.Report;

/// <summary>A run in Markdown, as GitHub and GitLab understand it: for a pull request.</summary>
public static class MarkdownReport
{
    public static void Write(RunDocument run, TextWriter output)
    {
        string verdict = RunTables.HasPassed(run) switch
        {
            true => ": passed",
            false => ": failed",
            null => "",
        };
        string scenario = run.Scenario == null ? "" : $" “{Escaped(run.Scenario)}”";
        output.Write($"### Load test{scenario}{verdict}\n\n");
        WriteTable(RunTables.Operations(run), output);
        output.Write('\n');
        foreach ((string name, string value) in RunTables.Facts(run)) output.Write($"- {name}: {Escaped(value)}\n");
        foreach (string warning in run.Client.Warnings) output.Write($"- **warning**: {Escaped(warning)}\n");
        WriteSection("Load simulations", RunTables.Simulations(run), output);
        IReadOnlyList<(string Name, string Value)> server = run.Server?.Facts() ?? [];
        if (server.Count > 0) output.Write("\n#### What the server says\n\n");
        foreach ((string name, string value) in server) output.Write($"- {name}: {Escaped(value)}\n");
        WriteSection("Limits", RunTables.Thresholds(run), output);
        WriteSection("Errors", RunTables.Errors(run.Errors), output);
        WriteSection("Errors of the preload", RunTables.Errors(run.PreloadErrors), output);
        output.Write("\n<details><summary>Settings</summary>\n\n");
        WriteTable(
            new ReportTable(
                ["setting", "value"], [.. RunTables.Settings(run).Select(each => (string[])[each.Name, each.Value])])
            {
                IsOfTexts = true,
            },
            output);
        output.Write("\n</details>\n");
    }

    internal static void WriteTable(ReportTable table, TextWriter output)
    {
        WriteRow(table.Header, output);
        output.Write("|");
        for (int i = 0; i < table.Header.Count; i++) output.Write(i == 0 || table.IsOfTexts ? " --- |" : " ---: |");
        output.Write('\n');
        foreach (IReadOnlyList<string> row in table.Rows) WriteRow(row, output);
    }

    private static void WriteSection(string title, ReportTable table, TextWriter output)
    {
        if (table.Rows.Count == 0) return;
        output.Write($"\n#### {title}\n\n");
        WriteTable(table, output);
    }

    private static void WriteRow(IReadOnlyList<string> cells, TextWriter output) =>
        output.Write($"| {string.Join(" | ", cells.Select(Escaped))} |\n");

    /// <summary>What a server said may look like markup.</summary>
    internal static string Escaped(string text) => string.Concat(text.Select(each => each switch
    {
        '\r' or '\n' => " ",
        '|' or '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '&' => $"\\{each}",
        _ => each.ToString(),
    }));
}
