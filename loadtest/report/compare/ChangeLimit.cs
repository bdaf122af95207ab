using System.Globalization;
using System.Linq;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>A change under which a comparison has failed: <c>p99&gt;+5%</c>, <c>rate&lt;-3%</c>.</summary>
public sealed class ChangeLimit
{
    private const string Shapes =
        "write FIGURE>+N% or FIGURE<-N%, where the figure is rate, mean, p50, p90, p95, p99, p99.9, p99.99, max, misses or " +
        "errors, with get. or another operation in front if wanted; or rate, p50 or p99, with connect. or a load " +
        "simulation's name and a dot in front";

    private readonly string _text;
    private readonly Figure _figure;
    private readonly double _limit;

    private ChangeLimit(string text, Figure figure, double limit)
    {
        _text = text;
        _figure = figure;
        _limit = limit;
    }

    /// <param name="text">Say <c>p99&gt;+5%</c>.</param>
    /// <param name="comparison">Whose figures may be named.</param>
    public static ChangeLimit Parse(string text, Comparison comparison)
    {
        int at = text.IndexOfAny(['<', '>']);
        if (at < 0 || !TryChange(text[(at + 1)..].Trim(), isUpper: text[at] == '>', out double limit))
            throw new LoadTestException($"'{text}' is not a limit of a change: {Shapes}");
        string name = text[..at].Trim();
        Figure? figure = comparison.Figures.FirstOrDefault(each => each.FullName == name);
        // Where there is one operation, its name may be said all the same.
        string[] operations = [.. comparison.Baseline.Runs[0].Operations.Keys];
        if (figure == null && operations.Length == 1)
            figure = comparison.Figures.FirstOrDefault(each => $"{operations[0]}.{each.Name}" == name);
        if (figure == null)
            throw new LoadTestException($"'{text}' is not a limit of a change: {comparison.Baseline.Name} has no figure '{name}'; {Shapes}");
        return new ChangeLimit(text, figure, limit);
    }

    /// <summary>Null, or the sentence that says how the limit was missed. What may be noise misses none.</summary>
    public string? Judge(Comparison comparison, CompareSide side)
    {
        if (comparison.DifferenceOf(_figure, side) is not { } difference)
            return $"{side.Name} has no {_figure.FullName}, which --fail-if '{_text}' judges";
        bool isBeyond = _limit >= 0 ? difference.Change > _limit : difference.Change < _limit;
        if (!isBeyond || difference.Verdict == Verdict.Same) return null;
        string change = difference.Change.ToString("+0.0;-0.0", CultureInfo.InvariantCulture);
        return $"{_figure.FullName} is {_figure.Show(difference.Value)} in {side.Name} and was " +
            $"{_figure.Show(difference.Baseline)}: {change}%, which --fail-if '{_text}' forbids";
    }

    private static bool TryChange(string text, bool isUpper, out double limit)
    {
        limit = 0;
        if (text.Length < 3 || text[0] != (isUpper ? '+' : '-') || text[^1] != '%' ||
            !double.TryParse(text[1..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out limit))
            return false;
        // A negative zero still says that it is a lower limit.
        if (!isUpper) limit = limit == 0 ? -double.Epsilon : -limit;
        return true;
    }
}
