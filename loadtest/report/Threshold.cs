using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Report;

/// <summary>
/// A condition under which a run has failed, <c>p99&gt;2ms</c>: a figure, <c>&gt;</c> or <c>&lt;</c>, and a limit. An
/// operation's figure has its name in front, as in <c>get.p99</c>, and one of a single load simulation that one's, as
/// in <c>after.p99</c> or <c>after.get.p99</c>.
/// </summary>
public sealed class Threshold
{
    private const string Shapes =
        "write FIGURE>LIMIT or FIGURE<LIMIT, where the figure is p50, p99.9 or any other percentile, mean or max, with " +
        "a limit like 2ms; or rate, errors or misses (in percent, 5%); with get. or another operation in " +
        "front if wanted, and the name of a load simulation in front of that";

    private readonly string _text;
    private readonly string? _simulation;
    private readonly string? _operation;
    private readonly string _figure;
    private readonly bool _isUpper;
    private readonly double _limit;

    private Threshold(
        string text, string? simulation, string? operation, string figure, bool isUpper, double limit)
    {
        _text = text;
        _simulation = simulation;
        _operation = operation;
        _figure = figure;
        _isUpper = isUpper;
        _limit = limit;
    }

    /// <param name="text">Say <c>p99&gt;2ms</c>.</param>
    /// <param name="settings">Whose operations and load simulations may be named.</param>
    public static Threshold Parse(string text, LoadSettings settings)
    {
        // A load simulation's name may have any character.
        int at = text.LastIndexOfAny(['<', '>']);
        string figure = at < 0 ? text : text[..at].Trim();
        string? simulation = TakeName(ref figure, settings.Simulations.Select(each => each.Name));
        string? operation = TakeName(ref figure, settings.Mix.Entries.Select(each => each.Name));
        if (at < 0 || !TryLimit(figure, operation, text[(at + 1)..].Trim(), out double limit))
            throw new LoadTestException($"'{text}' is not a threshold: {Shapes}");
        return new Threshold(text, simulation, operation, figure, text[at] == '>', limit);
    }

    /// <summary>Null, or the sentence that says how the limit was missed.</summary>
    public string? Judge(LoadResult result, LoadSettings settings) => VerdictOn(result, settings).Sentence;

    public ThresholdVerdict VerdictOn(LoadResult result, LoadSettings settings)
    {
        SimulationResult? simulation = result.Simulations.FirstOrDefault(each => each.Simulation.Name == _simulation);
        Measurement measured = simulation?.Counts ?? result.Total;
        OperationCounts counts = _operation == null
            ? measured.Sum()
            : measured.Operations[settings.Mix.Entries.ToList().FindIndex(each => each.Name == _operation)];
        double actual = FigureOf(counts, measured.Errors, simulation?.During ?? result.Elapsed);
        bool isFailed = _isUpper ? actual > _limit : actual < _limit;
        string name = string.Join('.', new[] { _simulation, _operation, _figure }.Where(part => part != null));
        return new ThresholdVerdict(_text, name, Show(actual), isFailed);
    }

    /// <summary>Removes one of the names and the dot behind it, if the figure begins with it.</summary>
    private static string? TakeName(ref string figure, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (!figure.StartsWith(name + ".", StringComparison.Ordinal)) continue;
            figure = figure[(name.Length + 1)..];
            return name;
        }
        return null;
    }

    private double FigureOf(OperationCounts counts, ErrorCounts errors, TimeSpan during) => _figure switch
    {
        "rate" => counts.Requests / Math.Max(during.TotalSeconds, 1e-9),
        "errors" => errors.Total,
        "misses" => 100 * counts.MissRatio,
        "mean" => counts.Latency.Mean,
        "max" => counts.Latency.Max,
        _ => counts.Latency.Percentile(PercentileOf(_figure)!.Value),
    };

    private string Show(double actual) => _figure switch
    {
        "rate" => $"{actual.ToString("0", CultureInfo.InvariantCulture)}/s",
        "errors" => actual.ToString("0", CultureInfo.InvariantCulture),
        "misses" => $"{actual.ToString("0.##", CultureInfo.InvariantCulture)}%",
        _ => LatencyText.Of(actual),
    };

    /// <summary>Reads a limit in the figure's unit: a count, percent, or nanoseconds.</summary>
    private static bool TryLimit(string figure, string? operation, string text, out double limit)
    {
        limit = 0;
        switch (figure)
        {
            case "errors" when operation != null:
                return false;
            case "rate" or "errors":
                return TryNumber(text, out limit);
            case "misses":
                return text.EndsWith('%') && TryNumber(text[..^1], out limit);
            default:
                bool isLatency = figure is "mean" or "max" || PercentileOf(figure) != null;
                if (!isLatency || !DurationText.TryParse(text, out TimeSpan duration)) return false;
                limit = duration.TotalNanoseconds;
                return true;
        }
    }

    private static double? PercentileOf(string figure) =>
        figure.StartsWith('p') && TryNumber(figure[1..], out double percentile) && percentile is > 0 and <= 100
            ? percentile
            : null;

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
