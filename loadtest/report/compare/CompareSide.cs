using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Memcachier.LoadTest.Report.Document;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>What is compared: a run, or several that should be alike.</summary>
/// <param name="Name">For the head of a column.</param>
/// <param name="Runs">At least one; of the same settings.</param>
public sealed record CompareSide(string Name, IReadOnlyList<RunDocument> Runs)
{
    /// <summary>
    /// Who is asked, and with which random numbers, makes no other load; nor does a file's name, whose hash is there, too.
    /// </summary>
    private static readonly string[] Irrelevant = ["server", "seed", "key_file"];

    /// <summary>Reads the files of all sides. A side is called as its first file, with the directory if others are called so, too.</summary>
    /// <param name="sides">Of each the files' names, with commas between.</param>
    public static IReadOnlyList<CompareSide> ReadFiles(IReadOnlyList<string> sides)
    {
        string[][] files = [.. sides.Select(text => text.Split(','))];
        string[] names = [.. files.Select(each => Path.GetFileNameWithoutExtension(each[0]))];
        if (names.Distinct().Count() < names.Length) names = [.. files.Select(each => each[0])];
        return [.. files.Select((each, i) => ReadFiles(each, names[i]))];
    }

    /// <summary>The median of the runs; null if one has no such figure.</summary>
    public double? ValueOf(Figure figure)
    {
        double?[] values = [.. Runs.Select(figure.Of)];
        return values.Contains(null) ? null : Spread.Median(values.OfType<double>());
    }

    /// <summary>
    /// What the figure is uncertain by: the standard deviation between the runs, or if there is one, between its seconds.
    /// Null if there are too few.
    /// </summary>
    public double? NoiseOf(Figure figure)
    {
        if (Runs.Count > 1) return Spread.Of([.. Runs.Select(figure.Of).OfType<double>()]);
        IReadOnlyList<double> seconds = figure.OfSeconds(Runs[0]);
        return seconds.Count < Spread.CountMin ? null : Spread.Of(seconds);
    }

    /// <summary>Where the loads differ: <c>depth is 1 in a, 16 in b</c>.</summary>
    internal IReadOnlyList<string> DifferencesTo(CompareSide other) =>
        Differences(Runs[0], Name, other.Runs[0], other.Name);

    private static CompareSide ReadFiles(string[] files, string name)
    {
        if (files.Length > 1) name += $" +{files.Length - 1}";
        var side = new CompareSide(name, [.. files.Select(RunDocument.ReadFile)]);
        for (int i = 1; i < files.Length; i++)
        {
            IReadOnlyList<string> differences = Differences(side.Runs[0], files[0], side.Runs[i], files[i]);
            if (differences.Count > 0)
                throw new LoadTestException($"the runs of {name} are not of the same load: {string.Join("; ", differences)}");
        }
        return side;
    }

    private static IReadOnlyList<string> Differences(RunDocument one, string oneName, RunDocument two, string twoName) =>
    [
        .. one.Settings.Keys.Union(two.Settings.Keys)
            .Where(key => !Irrelevant.Contains(key))
            .Select(key => (Key: key, One: TextOf(one, key), Two: TextOf(two, key)))
            .Where(each => each.One != each.Two)
            .Select(each => $"{each.Key.Replace('_', ' ')} is {each.One} in {oneName}, {each.Two} in {twoName}"),
        .. SimulationsOf(one) == SimulationsOf(two)
            ? (string[])[]
            : [$"the load simulations are {SimulationsOf(one)} in {oneName}, {SimulationsOf(two)} in {twoName}"],
    ];

    /// <summary>A single one is what the settings say.</summary>
    private static string SimulationsOf(RunDocument run) => run.Simulations.Count < 2
        ? "one"
        : string.Join(", ", run.Simulations.Select(each => $"{each.Name} ({each.Kind})"));

    private static string TextOf(RunDocument run, string key) =>
        run.Settings.TryGetValue(key, out JsonElement value) ? RunTables.TextOf(value) : "not set";
}
