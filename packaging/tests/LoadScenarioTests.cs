using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Json.Schema;
using Memcachier.Cli.Commands;
using Memcachier.LoadTest.Scenarios;
using Memcachier.LoadTest.Tests;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.Management.Contract;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class LoadScenarioTests
{
    private const string Small = """
        name: small
        keys: 10
        mix: set
        warm_up: 0s
        load_simulations:
          - keep_constant: { copies: 3, during: 100ms }
          - pause: { during: 50ms }
        """;

    private static readonly string Directory = Path.Combine(Repository.Find().Root, "loadtest", "scenarios");

    /// <summary>The examples, and by how much they have to be shortened to last less than half a second.</summary>
    public static TheoryData<string, string> Examples => new()
    {
        { "smoke.yaml", "0.1" },
        { "limit.yaml", "0.004" },
        { "spike.yaml", "0.008" },
        { "soak.yaml", "0.00001" },
        { "cache.yaml", "0.006" },
        { "shop.yaml", "0.02" },
    };

    [ProgramTheory(ReferenceServer.Program)]
    [MemberData(nameof(Examples))]
    public async Task An_example_runs(string file, string timeScale)
    {
        using var server = new ReferenceServer();
        string scenario = Path.Combine(Directory, file);
        // Its name of a file is one for who is in the repository.
        string[] keys = (await File.ReadAllTextAsync(scenario)).Contains("key_file:", StringComparison.Ordinal)
            ? ["--key-file", Path.ChangeExtension(scenario, ".txt")]
            : ["--keys", "1000"];
        (int exitCode, string output, string error) = await RunAsync(
        [
            "--scenario", scenario, "--server", server.Address.ToString(), "--time-scale", timeScale, "--verify", .. keys,
        ]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\nsimulation ", output);
        Assert.Contains("\nerrors      0", output);
    }

    [Fact]
    public void Every_example_is_run() => Assert.Equal(
        Examples.Select(row => (string)row[0]).Order(),
        System.IO.Directory.GetFiles(Directory, "*.yaml").Select(path => Path.GetFileName(path)).Order());

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_schema_accepts_an_example(string file, string timeScale)
    {
        _ = timeScale;
        Assert.True(IsValid(File.ReadAllText(Path.Combine(Directory, file))));
    }

    public static TheoryData<string, string> Mistakes => new()
    {
        { "an unknown key", "conections: 8" },
        { "a word for a number", "connections: many" },
        { "a duration without a unit", "warm_up: 8" },
        { "an unknown protocol", "protocol: http" },
        { "yes is not true", "verify: 'yes'" },
        { "no list", "steps: get" },
        { "an empty list", "thresholds: []" },
        { "a step without an operation", "steps: [{ weight: 2 }]" },
        { "an unknown key of a step", "steps: [{ operation: get, key: 2 }]" },
        { "an unknown simulation", "load_simulations: [ramp: { during: 1s }]" },
        { "two in one element", "load_simulations: [{ pause: { during: 1s }, inject: { rate: 1, during: 1s } }]" },
        { "a simulation without its rate", "load_simulations: [inject: { during: 1s }]" },
        { "a key of another simulation", "load_simulations: [inject: { rate: 1, copies: 1, during: 1s }]" },
        { "another way to begin", "init: later" },
    };

    /// <summary>What editors mark, the command refuses, too.</summary>
    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_refused_by_the_schema_and_the_command(string row, string text)
    {
        _ = row;
        Assert.False(IsValid(text));
        using var directory = new TemporaryDirectory();
        string file = directory.Write("a.yaml", text);
        (int exitCode, _, string error) = await RunAsync("--scenario", file);
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.StartsWith($"memcachier: {file}, line 1, column ", error);
    }

    [Fact]
    public async Task The_schema_is_that_of_the_command()
    {
        (_, string output, _) = await RunAsync("--scenario-schema");
        string file = await File.ReadAllTextAsync(Path.Combine(Directory, "schema.json"));
        Assert.True(
            output == file,
            "run ./memcachier load --scenario-schema >loadtest/scenarios/schema.json, and read the difference");
    }

    [ProgramFact(ReferenceServer.Program)]
    public async Task Switches_win_over_the_file()
    {
        using var server = new ReferenceServer();
        using var directory = new TemporaryDirectory();
        string scenario = directory.Write("a.yaml", Small);
        using JsonDocument both = await ResultAsync(directory, server, "--scenario", scenario, "--keys", "20");
        JsonElement settings = both.RootElement.GetProperty("settings");
        Assert.Equal("small", settings.GetProperty("scenario").GetString());
        Assert.Equal("set=1", settings.GetProperty("mix").GetString());
        Assert.Equal(20, settings.GetProperty("keys").GetInt32());
        Assert.Equal(3, settings.GetProperty("connections").GetInt32());
        Assert.Equal(
            ["keep_constant", "pause"],
            both.RootElement.GetProperty("simulations").EnumerateArray()
                .Select(each => each.GetProperty("kind").GetString()));
        using JsonDocument shaped = await ResultAsync(directory, server, "--scenario", scenario, "--requests", "50");
        Assert.Equal(50, shaped.RootElement.GetProperty("total").GetProperty("requests").GetInt32());
        Assert.Equal(1, shaped.RootElement.GetProperty("simulations").GetArrayLength());
    }

    /// <summary>The command line is before the file, and both are before the preset.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public async Task A_preset_fills_in_what_nobody_says()
    {
        using var server = new ReferenceServer();
        using var directory = new TemporaryDirectory();
        string scenario = directory.Write("a.yaml", $"{Small}\npreset: twitter-14");
        using JsonDocument json = await ResultAsync(directory, server, "--scenario", scenario, "--key-size", "20");
        JsonElement settings = json.RootElement.GetProperty("settings");
        Assert.Equal(20, settings.GetProperty("key_size").GetInt32());
        Assert.Equal("set=1", settings.GetProperty("mix").GetString());
        Assert.Equal("fixed:414", settings.GetProperty("value_size").GetString());
        Assert.Equal("zipf:1.2959", settings.GetProperty("key_dist").GetString());
    }

    [Theory]
    [InlineData("preset: twitter", "{0}, line 8, column 9: 'twitter' is not a preset: write facebook-etc, ")]
    [InlineData("connections: 2", "2 connections are too few for the 3 copies of 'keep_constant 3'")]
    [InlineData("thresholds: ['p99>2']", "{0}, line 8, column 14: 'p99>2' is not a threshold: write FIGURE>LIMIT")]
    [InlineData("time_scale: 0", "{0}, line 8, column 13: '0' is not a factor: --time-scale takes 0.00001 to 1000")]
    [InlineData("seed: x", "{0}, line 8, column 7: 'x' is not a seed: ")]
    public async Task What_switches_refuse_is_found_in_the_file(string line, string sentence)
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("a.yaml", $"{Small}\n{line}");
        (int exitCode, _, string error) = await RunAsync("--scenario", file);
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.StartsWith($"memcachier: {sentence.Replace("{0}", file, StringComparison.Ordinal)}", error);
    }

    /// <summary>The page explains every key, and every switch, which is one, too.</summary>
    [Fact]
    public async Task The_page_has_every_key()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Find().Root, "docs", "loadtest.md"));
        IEnumerable<string> kinds = ScenarioReader.SimulationShapes.Select(
            each => $"{each.Key}` | `{string.Join("`, `", each.Value.Where(key => !key.EndsWith('?')))}` |");
        IEnumerable<string> switches =
            LoadScenario.SwitchesOf(LoadCommand.Create(TextWriter.Null)).Select(each => each.Name);
        Assert.All(
            [.. ScenarioReader.OwnKeys.Select(key => $"{key}` |"), .. kinds, .. switches],
            key => Assert.Contains($"| `{key}", page, StringComparison.Ordinal));
    }

    private static bool IsValid(string yaml)
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Directory, "schema.json")));
        JsonNode scenario = YamlReader.Read(yaml);
        using JsonDocument document = JsonDocument.Parse(scenario.ToJsonString());
        return schema.Evaluate(document.RootElement).IsValid;
    }

    private static async Task<JsonDocument> ResultAsync(
        TemporaryDirectory directory, ReferenceServer server, params string[] args)
    {
        (int exitCode, _, string error) = await RunAsync(
            [.. args, "--server", server.Address.ToString(), "--json", directory.File("a.json")]);
        Assert.Equal((0, ""), (exitCode, error));
        return JsonDocument.Parse(await File.ReadAllTextAsync(directory.File("a.json")));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        int exitCode = await new CommandLine(output, error).RunAsync(["load", .. args]);
        return (exitCode, output.ToString(), error.ToString());
    }
}
