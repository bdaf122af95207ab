using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Report;

/// <summary>The figures of an earlier run, in a file that is kept with the sources.</summary>
public sealed class Baseline
{
    /// <summary>By which factor a figure may be exceeded.</summary>
    public const double Tolerance = 1.03;

    /// <summary>Below this a figure is nothing, and a tenth of it is, too.</summary>
    private const double Grain = 0.01;

    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true };

    private readonly IReadOnlyDictionary<string, double> _figures;

    private Baseline(IReadOnlyDictionary<string, double> figures) => _figures = figures;

    /// <exception cref="LoadTestException">There is no such file, or something else is in it.</exception>
    public static Baseline Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return new Baseline(JsonSerializer.Deserialize<Dictionary<string, double>>(file) ?? []);
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new LoadTestException($"the baseline {path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Writes a report's figures as the next baseline.</summary>
    public static void Save(IReadOnlyDictionary<string, double> figures, string path)
    {
        var rounded = figures.ToDictionary(each => each.Key, each => Math.Round(each.Value, 3));
        File.WriteAllText(path, JsonSerializer.Serialize(rounded, s_layout) + "\n");
    }

    /// <summary>A sentence for each figure that has grown too much, or that the baseline does not have.</summary>
    public IReadOnlyList<string> Judge(IReadOnlyDictionary<string, double> figures)
    {
        var complaints = new List<string>();
        foreach ((string name, double figure) in figures)
        {
            if (!_figures.TryGetValue(name, out double before)) complaints.Add($"{name} is not in the baseline");
            else if (figure > (before * Tolerance) + Grain)
                complaints.Add(FormattableString.Invariant($"{name}: {figure:0.##}, it was {before:0.##}"));
        }
        return complaints;
    }
}
