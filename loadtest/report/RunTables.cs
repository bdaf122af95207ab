using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Report;

/// <summary>What the reports for people say of a run, in texts.</summary>
public static class RunTables
{
    private static readonly string[] Figures = [.. LoadReport.Percentiles.Select(LoadReport.NameOf), "max"];

    private static readonly string[] Columns = ["requests", "requests/s", "misses", .. Figures];

    private static readonly string[] Corruptions =
        [.. ErrorKinds.All.Where(ErrorKinds.IsCorruption).Select(ErrorKinds.NameOf)];

    /// <summary>
    /// A row for each operation, one for all if there are several, and one for connections that were made anew.
    /// </summary>
    public static ReportTable Operations(RunDocument run)
    {
        var rows = new List<IReadOnlyList<string>>();
        double seconds = run.ElapsedSeconds;
        foreach ((string name, OperationFigures figures) in run.Operations) rows.Add(Row(name, figures, seconds));
        if (run.Operations.Count != 1) rows.Add(Row("all", run.Total, seconds));
        if (run.Connect is { } connect) rows.Add(Row("connect", connect, seconds));
        return new ReportTable(["operation", .. Columns], rows);
    }

    /// <summary>A row for each load simulation; none if the run had but one, which is the run.</summary>
    public static ReportTable Simulations(RunDocument run) => new(
        ["simulation", .. Columns],
        run.Simulations.Count < 2
            ? []
            : [.. run.Simulations.Select(each => Row(each.Name, each.Total, each.DuringSeconds))]);

    public static ReportTable Seconds(IEnumerable<SecondFigures> seconds) => new(
        ["second", "requests", "misses", "errors", .. Figures, "client CPU"],
        [
            .. seconds.Select(second => (string[])
            [
                Whole(second.Second), Whole(second.Requests), Whole(second.Misses), Whole(second.Errors),
                .. Latencies(second.LatencyMicros), Percent(second.ClientCpu, "0"),
            ]),
        ]);

    public static ReportTable Thresholds(RunDocument run) => new(
        ["fails if", "measured", "result"],
        [
            .. run.Thresholds.Select(each =>
                (string[])[each.FailIf, each.Actual, each.IsFailed ? "failed" : "passed"]),
        ]) { IsOfTexts = true };

    public static ReportTable Errors(ErrorFigures errors) => new(
        ["error", "count", "the first one"],
        [.. errors.Kinds().Select(kind => (string[])[kind.Name, Whole(kind.Count), kind.First])]) { IsOfTexts = true };

    /// <summary>What else there is to say in a few words, with its name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts(RunDocument run)
    {
        double seconds = Math.Max(run.ElapsedSeconds, 1e-9);
        string target = run.Settings.TryGetValue("rate", out JsonElement rate) ? $" of {rate} asked for" : "";
        var facts = new List<(string, string)>
        {
            ("elapsed", $"{Number(run.ElapsedSeconds, "0.000")} s"),
            ("requests/s", Number(run.RequestsPerSecond, "0") + target),
            ("values", $"{Number(run.Total.BytesRead / seconds / 1e6, "0.0")} MB/s read, " +
                $"{Number(run.Total.BytesWritten / seconds / 1e6, "0.0")} MB/s written"),
            ("misses", Misses(run.Total)),
            ("client CPU", string.Join(", ", run.Client.Cpu.Select(share => Percent(share, "0")))),
        };
        if (run.Operations.Values.Any(each => each.NotStored > 0)) facts.Add(("not stored", NotStored(run)));
        if (run.Settings.TryGetValue("verify", out JsonElement verify) && verify.ValueKind == JsonValueKind.True)
            facts.Add(("verified", Verified(run)));
        facts.Add(("errors", Whole(run.Errors.Total)));
        if (run.Unsent > 0) facts.Add(("unsent", Whole(run.Unsent)));
        if (run.PreloadErrors.Total > 0) facts.Add(("errors of the preload", Whole(run.PreloadErrors.Total)));
        return facts;
    }

    public static IReadOnlyList<(string Name, string Value)> Settings(RunDocument run) =>
        [.. run.Settings.Select(each => (each.Key.Replace('_', ' '), TextOf(each.Value)))];

    /// <summary>Null if nothing was to be judged.</summary>
    public static bool? HasPassed(RunDocument run)
    {
        bool isFailed = run.Thresholds.Any(each => each.IsFailed) ||
            run.Errors.Kinds().Any(kind => Corruptions.Contains(kind.Name));
        if (isFailed || run.IsInterrupted) return false;
        return run.Thresholds.Count > 0 ? true : null;
    }

    public static string Misses(OperationFigures figures) =>
        figures.MissRatio is { } share ? Percent(share, "0.00") : "-";

    public static string Latency(double micros) => LatencyText.Of(micros * 1000);

    internal static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(TextOf)),
        _ => value.ToString(),
    };

    /// <summary>As in <c>5 cas, 12 add</c>.</summary>
    private static string NotStored(RunDocument run) => string.Join(", ", run.Operations
        .Where(each => each.Value.NotStored > 0)
        .Select(each => $"{Whole(each.Value.NotStored)} {each.Key}"));

    /// <summary>Hits of operations that have no value in their answer are no proof of one.</summary>
    private static string Verified(RunDocument run)
    {
        long hits = run.Operations.Where(each => HasValue(each.Key)).Sum(each => each.Value.Hits);
        string counters = run.CountersChecked > 0 ? $", {Whole(run.CountersChecked)} counters" : "";
        string gone = run.CountersGone > 0 ? $", {Whole(run.CountersGone)} gone" : "";
        return $"{Whole(hits)} hits{counters}{gone}";
    }

    /// <param name="name">As the mix has it: <c>multiget:10</c>.</param>
    private static bool HasValue(string name) =>
        Enum.TryParse(name.Split(':')[0], ignoreCase: true, out Operation operation) &&
        Workload.Operations.HasValue(operation);

    private static string[] Row(string name, OperationFigures figures, double seconds) =>
    [
        name, Whole(figures.Requests), Number(figures.Requests / Math.Max(seconds, 1e-9), "0"),
        Misses(figures), .. Latencies(figures.LatencyMicros),
    ];

    private static IEnumerable<string> Latencies(OrderedDictionary<string, double> micros) =>
        Figures.Select(name => micros.TryGetValue(name, out double value) ? Latency(value) : "-");

    private static string Percent(double share, string format) => Number(100 * share, format) + "%";

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
