using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>What the pages have in common. They are HTML and well-formed XML at once, so that any program can read them.</summary>
internal static class HtmlPage
{
    public static void Begin(HtmlWriter html, string title)
    {
        using Stream resource = typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(resource);
        var style = new Markup(reader.ReadToEnd());
        html.Line($"""<!doctype html>""");
        html.Line($"""<html lang="en">""");
        html.Line($"""<head><meta charset="utf-8"/>""");
        html.Line($"""<meta name="viewport" content="width=device-width, initial-scale=1"/>""");
        html.Line($"""<meta name="color-scheme" content="light dark"/>""");
        html.Line($"""<title>{title}</title>""");
        // A browser asks for an icon, unless it is told that there is none.
        html.Line($"""<link rel="icon" href="data:,"/>""");
        html.Line($"<style>\n{style}</style></head>");
        html.Line($"<body>");
    }

    public static void End(HtmlWriter html) => html.Line($"</body>\n</html>");

    public static void WriteNotes(IEnumerable<string> notes, HtmlWriter html)
    {
        foreach (string note in notes) html.Line($"""<p class="note-line">{note}</p>""");
    }

    /// <summary>Names and values.</summary>
    public static void WriteFacts(IReadOnlyList<(string Name, string Value)> facts, HtmlWriter html)
    {
        html.Line($"""<dl class="facts card">""");
        foreach ((string name, string value) in facts) html.Line($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        html.Line($"</dl>");
    }

    /// <param name="table">The texts.</param>
    /// <param name="label">For whoever does not see the heading above it.</param>
    /// <param name="html">Where to.</param>
    public static void WriteTable(ReportTable table, string label, HtmlWriter html)
    {
        Markup kind = new(table.IsOfTexts ? "" : " class=\"number\"");
        // What can be scrolled must be reachable from the keyboard, and say what it is.
        html.Line($"""<div class="card scroll" role="group" aria-label="{label}" tabindex="0"><table>""");
        Markup head = Joined(table.Header.Select((text, i) => i == 0
            ? HtmlWriter.Of($"""<th scope="col">{text}</th>""")
            : HtmlWriter.Of($"""<th scope="col"{kind}>{text}</th>""")));
        html.Line($"<thead><tr>{head}</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            Markup cells = Joined(row.Select((text, i) => i == 0
                ? HtmlWriter.Of($"""<th scope="row">{text}</th>""")
                : HtmlWriter.Of($"""<td{KindOf(text, kind)}>{text}</td>""")));
            html.Line($"<tr>{cells}</tr>");
        }
        html.Line($"</tbody></table></div>");
    }

    private static Markup Joined(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    /// <summary>A verdict has a colour, too.</summary>
    private static Markup KindOf(string text, Markup otherwise) => text switch
    {
        "passed" => new(" class=\"good\""),
        "failed" => new(" class=\"bad\""),
        _ when text.EndsWith("better", StringComparison.Ordinal) => new(" class=\"number good\""),
        _ when text.EndsWith("worse", StringComparison.Ordinal) => new(" class=\"number bad\""),
        _ => otherwise,
    };
}
