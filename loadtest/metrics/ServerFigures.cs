using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Memcachier.LoadTest.Metrics;

/// <summary>What a server said of itself during a run.</summary>
public sealed record ServerFigures
{
    /// <summary>Where it was asked.</summary>
    public required string Url { get; init; }

    /// <summary>How often it was asked in vain.</summary>
    public required int Failures { get; init; }

    /// <summary>Why, the first time.</summary>
    public string? FirstFailure { get; init; }

    /// <summary>From the beginning of the measurement to its end, about one a second.</summary>
    public required IReadOnlyList<ServerSample> Samples { get; init; }

    /// <summary>In words, with names; empty if there are not two samples between which something could change.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts()
    {
        var facts = new List<(string, string)>();
        if (Samples.Count < 2) return facts;
        ServerSample first = Samples[0], last = Samples[^1];
        double seconds = last.Second - first.Second;
        foreach (string command in CommandsOf(last))
        {
            double rate = CommandRate(first, last, command);
            if (rate == 0) continue;
            string misses = MissRatio(first, last, command) is { } ratio && last.Commands.ContainsKey($"{command} miss")
                ? $", {Number(100 * ratio, "0.00")}% misses"
                : "";
            facts.Add((command, $"{Number(rate, "0")}/s{misses}"));
        }
        if (last.Items is { } items) facts.Add(("items", Number(items, "0")));
        if (last.Bytes is { } bytes)
            facts.Add(("bytes", Megabytes(bytes) + (last.LimitBytes is { } limit ? $" of {Megabytes(limit)}" : "")));
        if (last.Evictions - first.Evictions is { } evictions) facts.Add(("evictions", Number(evictions, "0")));
        if (last.Connections is { } connections) facts.Add(("connections", Number(connections, "0")));
        if ((last.CpuSeconds - first.CpuSeconds) / seconds is { } cpu) facts.Add(("CPU", Number(100 * cpu, "0") + "%"));
        if ((last.BytesRead - first.BytesRead) / seconds is { } read &&
            (last.BytesWritten - first.BytesWritten) / seconds is { } written)
            facts.Add(("traffic", $"{Megabytes(read)}/s in, {Megabytes(written)}/s out"));
        return facts;
    }

    /// <summary>The names of the commands, without how they ended.</summary>
    public static IReadOnlyList<string> CommandsOf(ServerSample sample) =>
        [.. sample.Commands.Keys.Select(key => key.Split(' ')[0]).Distinct()];

    /// <summary>A second, between two samples.</summary>
    public static double CommandRate(ServerSample before, ServerSample after, string command) =>
        after.Commands.Keys.Where(key => key.StartsWith(command + " ", StringComparison.Ordinal))
            .Sum(key => after.Commands[key] - before.Commands.GetValueOrDefault(key)) /
        Math.Max(after.Second - before.Second, 1e-9);

    /// <summary>0 to 1, between two samples; null if nothing was asked.</summary>
    public static double? MissRatio(ServerSample before, ServerSample after, string command)
    {
        double hits = Grown("hit"), misses = Grown("miss");
        return hits + misses > 0 ? misses / (hits + misses) : null;

        double Grown(string status) =>
            after.Commands.GetValueOrDefault($"{command} {status}") -
            before.Commands.GetValueOrDefault($"{command} {status}");
    }

    private static string Megabytes(double bytes) => Number(bytes / 1e6, "0.0") + " MB";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
