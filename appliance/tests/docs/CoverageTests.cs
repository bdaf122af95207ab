using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Memcachier.Appliance.Tests.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Docs;

/// <summary>
/// The tables of docs/protocol.md that say which test covers what: whatever they name exists, and a row that is named for
/// an error has it among its answers.
/// </summary>
public sealed partial class CoverageTests
{
    private static readonly string[] s_document =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "protocol.md"));

    private static readonly Dictionary<string, string> s_answers =
        Conversations.All.ToDictionary(row => row.Name, row => row.Answer);

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        string[] named = [.. Rows("All of memcached 1.6.45").SelectMany(row => Quoted(row[1]))];
        Assert.True(named.Length > 100);
        // "ERROR" is what some rows say is answered.
        Assert.All(named.Where(name => name != "ERROR"), name => Assert.True(IsTest(name), name));
    }

    [Fact]
    public void Every_row_of_a_flag_exists()
    {
        string[] named = [.. Rows("Meta commands").Where(row => row.Length == 3).SelectMany(row => Quoted(row[2]))];
        Assert.True(named.Length > 80);
        Assert.All(named, name => Assert.True(s_answers.ContainsKey(name), name));
    }

    [Fact]
    public void A_row_that_is_named_for_an_error_is_answered_it()
    {
        int count = 0;
        foreach (string[] row in Rows("Errors"))
        {
            string error = Quoted(row[0]).First();
            foreach (string name in Quoted(row[1]).Where(s_answers.ContainsKey))
            {
                Assert.True(s_answers[name].Contains(error + "\r\n", StringComparison.Ordinal), $"{name}: {error}");
                count++;
            }
        }
        Assert.True(count > 40);
    }

    [Fact]
    public void Nothing_is_without_a_test_or_a_reason() => Assert.All(
        Rows("All of memcached 1.6.45"),
        row => Assert.True(
            Quoted(row[1]).Any() || row[1].StartsWith("not ", StringComparison.Ordinal) || row[1] == "the same", row[0]));

    private static bool IsTest(string name)
    {
        if (s_answers.ContainsKey(name)) return true;
        string[] parts = name.Split('.');
        Type? type = Assembly.GetExecutingAssembly().GetTypes().SingleOrDefault(type => type.Name == parts[0]);
        return type != null && (parts.Length == 1 || type.GetMethod(parts[1]) != null);
    }

    /// <summary>The cells of the tables under a heading, and under those below it.</summary>
    private static IEnumerable<string[]> Rows(string heading)
    {
        int start = Array.FindIndex(s_document, line => line.TrimStart('#') == " " + heading);
        Assert.True(start >= 0, heading);
        int level = s_document[start].IndexOf(' ', StringComparison.Ordinal);
        bool isTable = false;
        foreach (string line in s_document.Skip(start + 1))
        {
            if (line.StartsWith('#') && line.IndexOf(' ', StringComparison.Ordinal) <= level) yield break;
            bool isRow = line.StartsWith('|');
            if (isTable && isRow) yield return [.. Bar().Split(line.Trim('|')).Select(cell => cell.Trim())];
            isTable = isRow && (isTable || line.StartsWith("| ---", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Quoted(string cell) =>
        Code().Matches(cell).Select(match => match.Groups[1].Value.Replace("\\|", "|", StringComparison.Ordinal));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}
