using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Memcachier.LoadTest.Report.Live;

/// <summary>What the live view shows: how far the run is, the last second of each operation, and the last minute as bars.</summary>
internal sealed class LiveScreen(LoadSettings settings)
{
    private const int BarWidth = 40;

    /// <summary>Seconds that the bars show.</summary>
    private const int HistoryCountMax = 60;

    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly Queue<SecondSample> _history = [];
    private readonly List<string> _notes = [];
    private string _phase = "connecting";
    private double _share;
    private string _progress = "";
    private long _errors;
    private string? _firstError;

    public void Preloading(long count, long total, string what) =>
        Show("preloading", (double)count / total, $"{count} of {total} {what}");

    public void Checking(long count, long total, string what) =>
        Show("checking", (double)count / total, $"{count} of {total} {what}");

    public void Running(TimeSpan elapsed, long answered)
    {
        if (elapsed < TimeSpan.Zero)
        {
            double warmUp = settings.WarmUpTime.TotalSeconds;
            Show("warming up", 1 + (elapsed.TotalSeconds / Math.Max(warmUp, 1e-9)), $"{Seconds(warmUp + elapsed.TotalSeconds)} of {Seconds(warmUp)}");
        }
        else if (settings.RequestCount > 0)
        {
            // Those of the warm-up are among the answers; a progress may be a little early.
            long count = Math.Min(answered, settings.RequestCount);
            Show("measuring", (double)count / settings.RequestCount, $"{count} of {settings.RequestCount} requests");
        }
        else
        {
            TimeSpan duration = settings.MeasuredTime;
            string simulation = SimulationAt(elapsed) is { } name ? $", {name}" : "";
            string time = $"{Seconds(elapsed.TotalSeconds)} of {Seconds(duration.TotalSeconds)}";
            Show("measuring", elapsed / duration, time + simulation);
        }
    }

    public void Note(string text) => _notes.Add(text);

    public void Second(SecondSample second)
    {
        _history.Enqueue(second);
        if (_history.Count > HistoryCountMax) _ = _history.Dequeue();
        _errors += second.Errors;
        _firstError ??= ErrorKinds.All.Select(second.ErrorsByKind.ExampleOf).FirstOrDefault(text => text != null);
    }

    public IRenderable Render()
    {
        var rows = new List<IRenderable>
        {
            new Markup($"[bold]{Markup.Escape(string.Join(',', settings.Servers))}[/]  {Markup.Escape(LoadText())}"),
            new Markup($"{_phase,-10}  [blue]{Bar()}[/]  {Markup.Escape(_progress)}"),
        };
        if (_history.LastOrDefault() is { } last)
        {
            rows.Add(Table(last));
            rows.Add(History("requests/s", second => second.All.Requests, ""));
            rows.Add(History("p99", second => second.All.Percentile(99), ""));
            rows.Add(new Markup($"errors      {(_errors == 0 ? "0" : $"[red]{_errors}[/], first: {Markup.Escape(_firstError ?? "")}")}"));
            rows.AddRange(Warnings(last).Select(text => new Markup($"[yellow]warning: {Markup.Escape(text)}[/]")));
        }
        rows.AddRange(_notes.Select(text => new Markup($"[yellow]{Markup.Escape(text)}[/]")));
        return new Rows(rows);
    }

    private void Show(string phase, double share, string progress)
    {
        _phase = phase;
        _share = Math.Clamp(share, 0, 1);
        _progress = progress;
    }

    /// <summary>The one whose requests are due; null if there is only one, or they are over.</summary>
    private string? SimulationAt(TimeSpan elapsed)
    {
        if (settings.Simulations.Count < 2) return null;
        TimeSpan end = TimeSpan.Zero;
        return settings.Simulations.FirstOrDefault(each => elapsed < (end += each.During))?.Name;
    }

    private string LoadText()
    {
        string how = settings.Simulations.Count > 0
            ? string.Join(", ", settings.Simulations.Select(each => each.Name))
            : settings.Rate > 0
            ? FormattableString.Invariant($"{settings.Rate:0.###} requests/s are due")
            : "the next request follows the answer";
        return FormattableString.Invariant($"{settings.ConnectionCount} connections of depth {settings.Depth}, {how}");
    }

    private string Bar()
    {
        int full = (int)Math.Round(_share * BarWidth);
        return new string('━', full) + new string('╌', BarWidth - full);
    }

    private Table Table(SecondSample last)
    {
        var table = new Table { Border = TableBorder.Simple };
        // Eighty columns are enough.
        _ = table.AddColumn(new TableColumn($"second {last.Index + 1}").NoWrap().PadLeft(0).PadRight(0));
        foreach (string name in (string[])["requests", "misses", "p50", "p90", "p99", "p99.9", "max"])
            _ = table.AddColumn(new TableColumn(name).RightAligned().NoWrap().PadLeft(1).PadRight(0));
        for (int i = 0; i < last.Operations.Count; i++)
            _ = table.AddRow([.. Cells(settings.Mix.Entries[i].Name, last.Operations[i]).Select(text => new Text(text))]);
        if (last.Operations.Count != 1)
            _ = table.AddRow([.. Cells("all", last.All).Select(text => new Text(text))]);
        return table;
    }

    private static string[] Cells(string name, OperationSecond second)
    {
        long keys = second.Hits + second.Misses;
        string misses = keys == 0 ? "-" : Number(100.0 * second.Misses / keys, "0.00") + "%";
        return
        [
            name, Number(second.Requests, "0"), misses,
            .. new[] { 50, 90, 99, 99.9 }.Select(
                percent => LatencyText.Of(second.Percentile(percent))),
            LatencyText.Of(second.MaxNanos),
        ];
    }

    private Markup History(string name, Func<SecondSample, double> value, string unit)
    {
        double[] values = [.. _history.Select(value)];
        double most = Math.Max(values.Max(), 1);
        string bars = string.Concat(values.Select(each => Bars[(int)Math.Round(each / most * (Bars.Length - 1))]));
        string figure = name == "p99" ? LatencyText.Of(values[^1]) : Number(values[^1], "0") + unit;
        return new Markup($"{name,-10}  [blue]{bars}[/] {figure}");
    }

    private static IEnumerable<string> Warnings(SecondSample last)
    {
        if (last.ClientCpu > Engine.Warnings.CpuShareMax)
            yield return $"the client is the bottleneck: its threads use {Number(100 * last.ClientCpu, "0")}% of a processor";
        if (last.LagNanos > Engine.Warnings.LagNanosMax)
            yield return $"the client is behind its schedule, by {LatencyText.Of(last.LagNanos)}";
    }

    private static string Seconds(double seconds) => Number(seconds, "0.0") + " s";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
