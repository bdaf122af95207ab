using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Report;

/// <summary>The result for people: a row for each operation, then what else there is to say.</summary>
public static class LoadReport
{
    private const int NameWidth = 14;

    internal static readonly double[] Percentiles = OperationSecond.Percentiles;

    public static void Print(LoadResult result, LoadSettings settings, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"operation",-NameWidth}{Columns}");
        OperationCounts[] operations = result.Total.Operations;
        for (int i = 0; i < operations.Length; i++)
            PrintRow(output, settings.Mix.Entries[i].Name, operations[i], result.Elapsed);
        OperationCounts sum = result.Total.Sum();
        if (operations.Length > 1) PrintRow(output, "all", sum, result.Elapsed);
        if (result.Total.Connects is { } connects) PrintRow(output, "connect", Counted(connects), result.Elapsed);
        output.WriteLine();
        if (result.Simulations.Count > 1) PrintSimulations(result, output);
        PrintTotals(result, settings, sum, output);
        if (result.Server is { } server)
        {
            string facts = string.Join("; ", server.Facts().Select(fact => $"{fact.Name} {fact.Value}"));
            Line(output, "server", facts.Length == 0 ? "said nothing of itself" : facts);
        }
        foreach (string warning in result.Warnings) output.WriteLine($"warning: {warning}");
    }

    /// <summary>As in <c>p99.9</c>.</summary>
    internal static string NameOf(double percentile) =>
        "p" + percentile.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Columns => $"{"requests",11}{"requests/s",12}{"misses",9}" +
        string.Concat(Percentiles.Select(p => $"{NameOf(p),9}")) + $"{"max",9}";

    private static void PrintSimulations(LoadResult result, TextWriter output)
    {
        int width = Math.Max(NameWidth, result.Simulations.Max(each => each.Simulation.Name.Length) + 1);
        output.WriteLine("simulation".PadRight(width) + Columns);
        foreach (SimulationResult each in result.Simulations)
            PrintRow(output, each.Simulation.Name.PadRight(width), each.Counts.Sum(), each.During);
        output.WriteLine();
    }

    private static void PrintRow(TextWriter output, string name, OperationCounts counts, TimeSpan during)
    {
        string rate = Number(counts.Requests / Math.Max(during.TotalSeconds, 1e-9), "0");
        string misses = counts.Hits + counts.Misses == 0 ? "-" : Number(100 * counts.MissRatio, "0.00") + "%";
        string latencies = string.Concat(
            Percentiles.Select(p => $"{LatencyText.Of(counts.Latency.Percentile(p)),9}"));
        output.WriteLine(
            $"{name,-NameWidth}{counts.Requests,11}{rate,12}{misses,9}{latencies}{LatencyText.Of(counts.Latency.Max),9}");
    }

    private static OperationCounts Counted(Histogram latency)
    {
        var counts = new OperationCounts();
        counts.Latency.Add(latency);
        return counts;
    }

    private static void PrintTotals(
        LoadResult result, LoadSettings settings, OperationCounts sum, TextWriter output)
    {
        double seconds = Math.Max(result.Elapsed.TotalSeconds, 1e-9);
        Line(output, "elapsed", $"{Number(result.Elapsed.TotalSeconds, "0.000")} s");
        string target = settings.Rate > 0 ? $" of {Number(settings.Rate, "0.###")} asked for" : "";
        Line(output, "requests/s", Number(result.RequestsPerSecond, "0") + target);
        Line(output, "values", $"{Number(sum.BytesRead / seconds / 1e6, "0.0")} MB/s read, " +
            $"{Number(sum.BytesWritten / seconds / 1e6, "0.0")} MB/s written");
        Line(output, "client CPU", string.Join(", ", result.ClientCpu.Select(share => Number(100 * share, "0") + "%")));
        if (sum.NotStored > 0) Line(output, "not stored", NotStored(result, settings));
        if (settings.IsVerifying)
        {
            string counters = result.CountersChecked > 0 ? $", {result.CountersChecked} counters" : "";
            Line(output, "verified", $"{HitsWithValues(result, settings)} hits{counters}");
        }
        ErrorCounts errors = result.Total.Errors;
        Line(output, "errors", errors.Total.ToString(CultureInfo.InvariantCulture));
        foreach (ErrorKind kind in ErrorKinds.All.Where(kind => errors[kind] > 0))
            Line(output, "", $"{errors[kind]} x {ErrorKinds.NameOf(kind)}, first: {errors.ExampleOf(kind)}");
    }

    /// <summary>Hits of operations that have no value in their answer are no proof of one.</summary>
    private static long HitsWithValues(LoadResult result, LoadSettings settings) => settings.Mix.Entries
        .Zip(result.Total.Operations)
        .Where(pair => Operations.HasValue(pair.First.Operation))
        .Sum(pair => pair.Second.Hits);

    /// <summary>As in <c>5 cas, 12 add</c>.</summary>
    private static string NotStored(LoadResult result, LoadSettings settings) => string.Join(", ", settings.Mix.Entries
        .Zip(result.Total.Operations)
        .Where(pair => pair.Second.NotStored > 0)
        .Select(pair => $"{pair.Second.NotStored} {pair.First.Name}"));

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-11} {value}");
}
