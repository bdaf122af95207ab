using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>
/// Reads the text format 0.0.4 as we write it: HELP, TYPE, samples. Whether it is right is for promtool to say.
/// </summary>
internal static partial class TextParser
{
    public static IReadOnlyList<Family> Parse(string page)
    {
        var families = new List<Family>();
        foreach (string line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', 4);
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                families.Add(new Family(words[2]) { Help = words[3] });
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                families.Single(family => family.Name == words[2]).Type = words[3];
            else
                families[^1].Samples.Add(ParseSample(line));
        }
        return families;
    }

    private static Sample ParseSample(string line)
    {
        string series = line[..line.LastIndexOf(' ')];
        var labels = Label().Matches(series)
            .Select(match => new KeyValuePair<string, string>(match.Groups[1].Value, match.Groups[2].Value));
        return new Sample(series.Split('{')[0], [.. labels], line[(line.LastIndexOf(' ') + 1)..]);
    }

    [GeneratedRegex("""([a-z_]+)="([^"]*)"[,}]""")]
    private static partial Regex Label();
}
