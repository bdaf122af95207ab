using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>
/// Lines as inline SVG, with labels and a legend beside them in HTML: so the plot may be stretched and text is not. What
/// the pointer rests on is said by the browser, from <c>title</c>.
/// </summary>
internal sealed record Chart
{
    private const int Size = 1000;
    private const int ColourCount = 5;

    /// <summary>Of the width; a name in less would be a letter or two.</summary>
    private const double NamedShareMin = 0.05;

    public required string Title { get; init; }

    /// <summary>What the chart is about, in a sentence.</summary>
    public required string Caption { get; init; }

    public required ChartAxis X { get; init; }

    public required ChartAxis Y { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>What a place is, and what is there.</summary>
    public IReadOnlyList<(double X, string Text)> Notes { get; init; } = [];

    /// <summary>A limit to be drawn across.</summary>
    public double? Limit { get; init; }

    /// <summary>Named parts, from left to right; with a line between one and the next.</summary>
    public IReadOnlyList<ChartSpan> Spans { get; init; } = [];

    public bool IsWide { get; init; }

    public void Write(HtmlWriter html)
    {
        string size = IsWide ? "card chart wide" : "card chart";
        string label = $"{Title}. " + string.Join(", ", Series.Select(each => $"{each.Name} {each.Figure}")) + ".";
        html.Line($"""<figure class="{size}">""");
        html.Line($"""<figcaption><h3>{Title}</h3><p class="quiet">{Caption}</p></figcaption>""");
        html.Line($"""<div class="{(Spans.Count > 0 ? "plot spans" : "plot")}">""");
        foreach ((double value, string text) in Y.Ticks)
            html.Line($"""<span class="y" style="bottom:{100 * Y.PlaceOf(value):0.##}%" aria-hidden="true">{text}</span>""");
        html.Line($"""<svg viewBox="0 0 {Size} {Size}" preserveAspectRatio="none" role="img" aria-label="{label}">""");
        WriteRules(html);
        for (int i = Series.Count - 1; i >= 0; i--)
            WritePath(html, ClassOf("trace", i), PathOf(Series[i]));
        WriteNotes(html);
        html.Line($"""</svg>""");
        WriteSpanNames(html);
        foreach ((double value, string text) in X.Ticks)
            html.Line($"""<span class="x" style="left:{100 * X.PlaceOf(value):0.##}%" aria-hidden="true">{text}</span>""");
        html.Line($"""</div>""");
        html.Line($"""<dl class="legend">""");
        for (int i = 0; i < Series.Count; i++)
        {
            html.Line(
                $"""<div><dt class="{ClassOf("swatch", i)}">{Series[i].Name}</dt><dd>{Series[i].Figure}</dd></div>""");
        }
        html.Line($"""</dl>""");
        html.Line($"""</figure>""");
    }

    /// <summary>Colours come again, with dashes.</summary>
    private static string ClassOf(string name, int series) =>
        $"{name} series-{series % ColourCount}" + (series < ColourCount ? "" : " dashed");

    private void WriteRules(HtmlWriter html)
    {
        WritePath(html, "rule", $"M0 {Size}H{Size}");
        foreach ((double value, _) in Y.Ticks)
        {
            string y = Number(Size * (1 - Y.PlaceOf(value)));
            WritePath(html, "rule", $"M0 {y}H{Size}");
        }
        // Only between two of them: none at either end of the axis, nor beyond it.
        string[] bounds =
        [
            .. Spans.Select(each => X.PlaceOf(each.From))
                .Where(place => place is > 0 and < 1)
                .Select(place => $"M{Number(Size * place)} 0V{Size}"),
        ];
        if (bounds.Length > 0) WritePath(html, "bound", string.Concat(bounds));
        if (Limit is not { } limit) return;
        WritePath(html, "limit", $"M0 {Number(Size * (1 - Y.PlaceOf(limit)))}H{Size}");
    }

    /// <summary>A line keeps its width, however the chart is stretched. Validators do not know that as a CSS property.</summary>
    private static void WritePath(HtmlWriter html, string kind, string data) =>
        html.Line($"""<path class="{kind}" vector-effect="non-scaling-stroke" d="{data}"/>""");

    /// <summary>Above the plot, where no line is. Who does not see it has the table of the simulations.</summary>
    private void WriteSpanNames(HtmlWriter html)
    {
        foreach (ChartSpan span in Spans)
        {
            double left = X.PlaceOf(span.From), share = X.PlaceOf(span.To) - left;
            if (share < NamedShareMin) continue;
            Markup style = HtmlWriter.Of($"left:{100 * left:0.##}%;max-width:{100 * share:0.##}%");
            html.Line(
                $"""<span class="span" style="{style}" title="{span.Name}" aria-hidden="true">{span.Name}</span>""");
        }
    }

    private string PathOf(ChartSeries series)
    {
        var path = new StringBuilder();
        bool isPenDown = false;
        foreach ((double x, double? y) in series.Points)
        {
            if (y is not { } value)
            {
                isPenDown = false;
                continue;
            }
            string point = $"{Number(Size * X.PlaceOf(x))} {Number(Size * (1 - Y.PlaceOf(value)))}";
            // A point on its own becomes a dot, since the line's ends are round.
            _ = path.Append(isPenDown ? $"L{point}" : $"M{point}h0");
            isPenDown = true;
        }
        return path.ToString();
    }

    private void WriteNotes(HtmlWriter html)
    {
        for (int i = 0; i < Notes.Count; i++)
        {
            double left = i == 0 ? 0 : Middle(i - 1), right = i == Notes.Count - 1 ? Size : Middle(i);
            html.Line(
                $"""<rect class="note" x="{Number(left)}" y="0" width="{Number(right - left)}" height="{Size}"><title>{Notes[i].Text}</title></rect>""");
        }
    }

    private double Middle(int note) => Size * (X.PlaceOf(Notes[note].X) + X.PlaceOf(Notes[note + 1].X)) / 2;

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
