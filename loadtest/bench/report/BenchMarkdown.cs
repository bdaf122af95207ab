using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;
using Memcachier.LoadTest.Report;

namespace Memcachier.Bench.Report;

/// <summary>The tables for people, in Markdown, which is also what the terminal shows.</summary>
public static class BenchMarkdown
{
    private const int FunctionCount = 30;
    private const int BuildIdLength = 12;
    private const int LayeredValueSize = 100;
    private const double Mebibyte = 1 << 20;

    public static void Write(BenchReport report, TextWriter output)
    {
        if (report.Costs.Count > 0)
        {
            WriteRequests(report.Costs, output);
            WriteLayers(report.Costs, Operation.Get, output);
            WriteLayers(report.Costs, Operation.Set, output);
            WriteFunctions(report.Costs, output);
        }
        if (report.Boot != null) WriteBoot(report.Boot, output);
        if (report.Comparison != null) WriteComparison(report.Comparison, output);
        BenchConditions conditions = report.Conditions;
        string build = conditions.BuildId[..Math.Min(conditions.BuildId.Length, BuildIdLength)];
        output.WriteLine($"Taken with {conditions.QemuVersion} (TCG) on {conditions.Host}; build {build}.");
    }

    private static void WriteRequests(IReadOnlyList<WorkloadCost> costs, TextWriter output)
    {
        output.WriteLine(
            "| request | value | clients x depth | instructions | repetitions | notifications | interrupts | copied bytes "
            + "| frames in | frames out |");
        output.WriteLine($"| --- | --- | --- |{string.Concat(Enumerable.Repeat(" ---: |", 7))}");
        foreach (WorkloadCost each in costs)
        {
            Workload row = each.Workload;
            output.WriteLine(
                $"| {row.OperationName.TrimEnd(',')} | {Workload.SizeName(row.ValueSize)} | {Shape(row)} | "
                + FormattableString.Invariant($"{each.Budget.Instructions:#,0} | {each.Budget.Repetitions:#,0} | ")
                + FormattableString.Invariant($"{each.Measured.NotificationsPerRequest:0.000} | ")
                + FormattableString.Invariant($"{each.Measured.InterruptsPerRequest:0.000} | ")
                + FormattableString.Invariant($"{each.Measured.CopiedBytesPerRequest:#,0} | ")
                + FormattableString.Invariant($"{each.FramesInPerRequest:0.00} | {each.FramesOutPerRequest:0.00} |"));
        }
        output.WriteLine();
    }

    private static void WriteLayers(IReadOnlyList<WorkloadCost> costs, Operation operation, TextWriter output)
    {
        WorkloadCost[] rows =
        [
            .. costs.Where(each => each.Workload.Operation == operation && each.Workload.ValueSize == LayeredValueSize),
        ];
        if (rows.Length == 0) return;
        string shapes = string.Join(" | ", rows.Select(each => Shape(each.Workload)));
        output.WriteLine($"| {rows[0].Workload.OperationName} {LayeredValueSize} B, instructions of | {shapes} |");
        output.WriteLine($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", rows.Length))}");
        foreach (string layer in Layers.All)
        {
            output.WriteLine($"| {layer} | " + string.Join(" | ", rows.Select(each =>
                FormattableString.Invariant($"{each.Budget.OfLayer(layer):#,0}"))) + " |");
        }
        output.WriteLine();
    }

    /// <summary>The dearest functions of a GET, one at a time and many.</summary>
    private static void WriteFunctions(IReadOnlyList<WorkloadCost> costs, TextWriter output)
    {
        WorkloadCost? single = Find(costs, depth: 1);
        WorkloadCost? deep = Find(costs, depth: 32);
        if (single == null || deep == null) return;
        output.WriteLine("| function, GET 100 B | 1 x 1 | 1 x 32 |");
        output.WriteLine("| --- | ---: | ---: |");
        var ofDeep = deep.Budget.Functions.ToDictionary(each => each.Name, each => each.Instructions);
        IEnumerable<(string Name, double Single, double Deep)> functions = single.Budget.Functions
            .Select(each => (each.Name, each.Instructions, ofDeep.GetValueOrDefault(each.Name)))
            .OrderByDescending(each => each.Item2 + (2 * each.Item3))
            .Take(FunctionCount);
        foreach ((string name, double one, double many) in functions)
            output.WriteLine(FormattableString.Invariant($"| `{Short(name)}` | {one:0} | {many:0} |"));
        output.WriteLine();
    }

    private static void WriteBoot(BootCost boot, TextWriter output)
    {
        output.WriteLine("| before the first request | |");
        output.WriteLine("| --- | ---: |");
        (string What, string Figure)[] rows =
        [
            ("image, bytes", FormattableString.Invariant($"{boot.ImageBytes:#,0}")),
            ("instructions until it is ready, million", FormattableString.Invariant($"{boot.ReadyInstructions / 1e6:0.0}")),
            ("store of a machine with 64 MiB, MiB", FormattableString.Invariant($"{boot.StoreBytesOf64 / Mebibyte:0.0}")),
            ("store of a machine with 256 MiB, MiB", FormattableString.Invariant($"{boot.StoreBytesOf256 / Mebibyte:0.0}")),
        ];
        foreach ((string what, string figure) in rows) output.WriteLine($"| {what} | {figure} |");
        output.WriteLine();
    }

    private static void WriteComparison(PeerComparison comparison, TextWriter output)
    {
        output.WriteLine(
            "| request | value | clients x depth | requests/s | memcached | ratio | p50 | memcached | ratio " +
            "| p99 | memcached | ratio |");
        output.WriteLine($"| --- | --- | --- |{string.Concat(Enumerable.Repeat(" ---: |", 9))}");
        foreach (ComparedWorkload each in comparison.Rows)
        {
            Workload row = each.Workload;
            output.WriteLine(
                $"| {row.OperationName} | {Workload.SizeName(row.ValueSize)} | {Shape(row)} | "
                + $"{Cells(each, run => run.RequestsPerSecond, rate => FormattableString.Invariant($"{rate:#,0}"))} | "
                + $"{Cells(each, run => run.P50Nanos, LatencyText.Of)} | "
                + $"{Cells(each, run => run.P99Nanos, LatencyText.Of)} |");
        }
        output.WriteLine();
        output.WriteLine($"Beside the image is {comparison.Peer}. ± is how far apart the ratios of single runs are.");
        output.WriteLine();
        WriteCounted([.. comparison.Rows.Where(row => row.Image.All(run => run.Counted != null))], output);
    }

    /// <summary>What the image's own counters say of the same runs.</summary>
    private static void WriteCounted(IReadOnlyList<ComparedWorkload> rows, TextWriter output)
    {
        if (rows.Count == 0) return;
        output.WriteLine(
            "| as it runs freely | value | clients x depth | requests for a notification | interrupts | copied bytes |");
        output.WriteLine("| --- | --- | --- | ---: | ---: | ---: |");
        foreach (ComparedWorkload each in rows)
        {
            Workload row = each.Workload;
            double requests = ComparedWorkload.Median(each.Image, run => run.Counted!.RequestsPerNotification);
            double interrupts = ComparedWorkload.Median(each.Image, run => run.Counted!.InterruptsPerRequest);
            double copied = ComparedWorkload.Median(each.Image, run => run.Counted!.CopiedBytesPerRequest);
            output.WriteLine(
                $"| {row.OperationName} | {Workload.SizeName(row.ValueSize)} | {Shape(row)} | "
                + FormattableString.Invariant($"{requests:#,0.0} | {interrupts:0.000} | {copied:#,0} |"));
        }
        output.WriteLine();
    }

    private static string Cells(ComparedWorkload row, Func<ComparedRun, double> figure, Func<double, string> text)
    {
        (double ratio, double noise) = row.Ratio(figure);
        double image = ComparedWorkload.Median(row.Image, figure);
        double peer = ComparedWorkload.Median(row.Peer, figure);
        return $"{text(image)} | {text(peer)} | " + FormattableString.Invariant($"{ratio:0.00} ±{100 * noise:0}%");
    }

    private static WorkloadCost? Find(IReadOnlyList<WorkloadCost> costs, int depth) =>
        costs.FirstOrDefault(each => each.Workload == new Workload(Operation.Get, 1, depth, LayeredValueSize));

    private static string Shape(Workload workload) => $"{workload.Connections} x {workload.Depth}";

    /// <summary>The type and the method.</summary>
    private static string Short(string function)
    {
        string[] words = function.Split('.');
        return string.Join('.', words.TakeLast(2));
    }
}
