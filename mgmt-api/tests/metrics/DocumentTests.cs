using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>The tables of docs/metrics.md and the page have the same families.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_document =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "metrics.md"));

    private static readonly IReadOnlyList<Family> s_page =
        TextParser.Parse(MetricsWorld.Filled().Read(MetricsFormat.Text));

    [Fact]
    public void Every_family_is_in_the_document_with_type_and_labels()
    {
        Dictionary<string, string[]> rows = Rows().ToDictionary(row => row[0].Trim('`'));
        foreach (Family family in s_page)
        {
            Assert.True(rows.TryGetValue(family.Name, out string[]? row), $"{family.Name} is not in docs/metrics.md");
            Assert.Equal(family.Type, row[1]);
            IEnumerable<string> labels = family.Samples
                .SelectMany(sample => sample.Labels)
                .Select(label => label.Key)
                .Where(label => label != "le");
            Assert.Equal(labels.Distinct(), Quoted().Matches(row[2]).Select(match => match.Groups[1].Value));
        }
    }

    [Fact]
    public void Every_family_of_the_document_is_there_or_has_a_reason()
    {
        string[][] rows = [.. Rows()];
        Assert.True(rows.Length > 150);
        Assert.All(rows, row => Assert.Equal(
            !row[3].StartsWith("not here: ", StringComparison.Ordinal),
            s_page.Any(family => family.Name == row[0].Trim('`'))));
    }

    private static IEnumerable<string[]> Rows() => s_document
        .Where(line => line.StartsWith("| `memcach", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Quoted();
}
