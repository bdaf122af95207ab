using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>The dashboard and the alert rules: of metrics that there are, in a form that their readers take.</summary>
public sealed partial class GrafanaTests
{
    private static readonly IReadOnlyList<Family> s_page =
        TextParser.Parse(MetricsWorld.Filled().Read(MetricsFormat.Text));

    private static readonly string s_alerts = Read("grafana/alerts.yaml");

    private static readonly string s_operations = Read("docs/operations.md");

    private static string[] AlertNames => [.. AlertName().Matches(s_alerts).Select(match => match.Groups[1].Value)];

    [Fact]
    public void The_dashboard_asks_for_metrics_that_there_are()
    {
        string[] expressions = [.. Expressions()];
        Assert.True(expressions.Length > 50);
        Assert.All(expressions, expression => Assert.NotEmpty(NamesIn(expression)));
        Assert.All(expressions.SelectMany(NamesIn), Exists);
        Assert.All(expressions.SelectMany(MatchersIn), ExistsWithLabel);
    }

    [Fact]
    public void The_rules_ask_for_metrics_that_there_are()
    {
        Assert.True(NamesIn(s_alerts).Count() > 20);
        Assert.All(NamesIn(s_alerts), Exists);
        Assert.All(MatchersIn(s_alerts), ExistsWithLabel);
        Assert.All(NamesIn(s_operations), Exists);
    }

    [Fact]
    public void The_dashboard_is_as_grafana_reads_it()
    {
        using JsonDocument dashboard = JsonDocument.Parse(Read("grafana/dashboard.json"));
        JsonElement root = dashboard.RootElement;
        Assert.Equal("memcachier", root.GetProperty("uid").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("id").ValueKind);
        Assert.True(root.GetProperty("schemaVersion").GetInt32() >= 36);
        string[] variables =
            [.. root.GetProperty("templating").GetProperty("list").EnumerateArray().Select(item => Text(item, "name"))];
        Assert.Equal(["datasource", "job", "instance"], variables);
        JsonElement[] panels = [.. root.GetProperty("panels").EnumerateArray()];
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var places = new HashSet<(int X, int Y)>();
        foreach (JsonElement panel in panels)
        {
            string title = Text(panel, "title");
            Assert.Contains(Text(panel, "type"), new[] { "row", "stat", "timeseries" });
            Occupy(panel.GetProperty("gridPos"), places, title);
            if (Text(panel, "type") == "row") continue;
            Assert.False(string.IsNullOrEmpty(Text(panel, "description")), title);
            Assert.Equal("${datasource}", Text(panel.GetProperty("datasource"), "uid"));
            Assert.False(string.IsNullOrEmpty(
                Text(panel.GetProperty("fieldConfig").GetProperty("defaults"), "unit")), title);
            JsonElement[] targets = [.. panel.GetProperty("targets").EnumerateArray()];
            Assert.NotEmpty(targets);
            Assert.Equal(targets.Length, targets.Select(target => Text(target, "refId")).Distinct().Count());
            Assert.All(targets, target => Assert.Contains("$instance", Text(target, "expr"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_alert_has_a_section_and_a_test()
    {
        Assert.True(AlertNames.Length >= 15);
        string tests = Read("grafana/alerts.test.yaml");
        foreach (string name in AlertNames)
        {
            int start = s_operations.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, $"{name} has no section");
            string section = s_operations[(start + 4)..].Split("\n## ")[0];
            Assert.All(
                new[] { "**Meaning.**", "**How to see it.**", "**What to do.**" },
                part => Assert.Contains(part, section, StringComparison.Ordinal));
            string anchor = "docs/operations.md#" + string.Concat(name.Select(char.ToLowerInvariant));
            Assert.Contains($"runbook_url: {anchor}\n", s_alerts, StringComparison.Ordinal);
            Assert.Contains($"- name: {name}, there\n", tests, StringComparison.Ordinal);
            Assert.Contains($"- name: {name}, not there\n", tests, StringComparison.Ordinal);
        }
        Assert.Equal(AlertNames.Length, s_operations.Split("\n## Memcachier").Length - 1);
    }

    [ProgramFact(Promtool.Program)]
    public async Task Promtool_takes_the_rules()
    {
        (int exitCode, string output) = await Promtool.RunAsync([], "check", "rules", "alerts.yaml");
        Assert.True(exitCode == 0, output);
        Assert.Contains($"SUCCESS: {AlertNames.Length} rules found", output, StringComparison.Ordinal);
    }

    [ProgramFact(Promtool.Program)]
    public async Task Every_alert_fires_when_it_should_and_not_else()
    {
        (int exitCode, string output) = await Promtool.RunAsync([], "test", "rules", "alerts.test.yaml");
        Assert.True(exitCode == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    /// <summary>The dashboard's expressions as rules, with Grafana's variables filled in.</summary>
    [ProgramFact(Promtool.Program)]
    public async Task Promtool_takes_the_expressions_of_the_dashboard()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        string[] expressions = [.. Expressions()];
        IEnumerable<string> rules = expressions
            .Select(expression => expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal))
            .Select((expression, i) => $"      - record: panel:{i}\n        expr: '{expression}'\n");
        await File.WriteAllTextAsync(path, $"groups:\n  - name: dashboard\n    rules:\n{string.Concat(rules)}");
        (int exitCode, string output) = await Promtool.RunAsync([], "check", "rules", path);
        File.Delete(path);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"SUCCESS: {expressions.Length} rules found", output, StringComparison.Ordinal);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void Occupy(JsonElement place, HashSet<(int X, int Y)> places, string title)
    {
        int left = place.GetProperty("x").GetInt32(), top = place.GetProperty("y").GetInt32();
        int right = left + place.GetProperty("w").GetInt32(), bottom = top + place.GetProperty("h").GetInt32();
        Assert.InRange(right, 1, 24);
        for (int x = left; x < right; x++)
        {
            for (int y = top; y < bottom; y++) Assert.True(places.Add((x, y)), $"{title} lies on another panel");
        }
    }

    private static IEnumerable<string> Expressions()
    {
        using JsonDocument dashboard = JsonDocument.Parse(Read("grafana/dashboard.json"));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => Text(target, "expr"))];
    }

    private static IEnumerable<string> NamesIn(string text) =>
        MetricName().Matches(text).Select(match => match.Value).Distinct();

    /// <summary>The metric, the label and the value of each matcher of a label with certain values.</summary>
    private static IEnumerable<(string Name, string Label, string Value)> MatchersIn(string text) =>
        from selector in Selector().Matches(text)
        from matcher in Matcher().Matches(selector.Groups["matchers"].Value)
        from value in matcher.Groups["values"].Value.Split('|')
        where matcher.Groups["label"].Value is not ("job" or "instance")
        select (selector.Groups["name"].Value, matcher.Groups["label"].Value, value);

    private static void Exists(string name) => Assert.True(
        s_page.Any(family => family.Name == name || family.Samples.Any(sample => sample.Name == name)),
        $"{name} is not on the page");

    private static void ExistsWithLabel((string Name, string Label, string Value) matcher) => Assert.Contains(
        s_page.SelectMany(family => family.Samples),
        sample => sample.Name == matcher.Name && sample.Labels.Contains(new(matcher.Label, matcher.Value)));

    [GeneratedRegex("^      - alert: (.*)$", RegexOptions.Multiline)]
    private static partial Regex AlertName();

    [GeneratedRegex(@"\bmemcach(ed|ier)_[a-z0-9_]*[a-z0-9]")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<name>memcach(ed|ier)_[a-z0-9_]+)\{(?<matchers>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<label>[a-z_]+)=~?"(?<values>[^"]*)"?""", RegexOptions.ExplicitCapture)]
    private static partial Regex Matcher();
}
