using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Memcachier.LoadTest.Tests;
using Memcachier.LoadTest.Tests.Replay;
using Xunit;

namespace Memcachier.Cli.Tests;

/// <summary>Keys of a file, by the switch and by the key of a scenario.</summary>
public sealed class LoadKeyFileTests
{
    private const string Both =
        "--key-file says what the keys are, so --keys and --key-size do not go with it; write one or the other";

    [Theory]
    [InlineData("a 10\n", "--keys 100", Both)]
    [InlineData("a 10\n", "--key-size 20", Both)]
    [InlineData("a 10\n", "--keys 100000 --key-size 16", Both)]
    [InlineData("a 10\nb x\n", "", "{0}, line 2 has 'x' for a size: a line is a key of 1 to 250 bytes without blanks and ")]
    [InlineData("", "", "{0} has no keys: a line is a key of ")]
    [InlineData(null, "", "cannot read the keys: Could not find file '{0}'")]
    [InlineData("a\nn:00000000000000\n", "--mix incr", "{0}, line 2: n:00000000000000 is the key of a counter: ")]
    public async Task What_is_wrong_is_one_sentence(string? contents, string switches, string sentence)
    {
        using var directory = new TemporaryDirectory();
        string file = contents == null ? directory.File("keys.txt") : directory.Write("keys.txt", contents);
        string[] args = ["--key-file", file, .. switches.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        (int exitCode, string output, string error) = await RunAsync(args);
        Assert.Equal((CommandLine.Failure, ""), (exitCode, output));
        Assert.StartsWith($"memcachier: {sentence.Replace("{0}", file, StringComparison.Ordinal)}", error);
        _ = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("keys: 10", "line 2, column 1: 'keys' and 'key_file' say the same thing; write one of them")]
    [InlineData("key_size: 20", "line 2, column 1: 'key_size' and 'key_file' say the same thing; write one of them")]
    public async Task A_scenario_says_it_once(string line, string sentence)
    {
        using var directory = new TemporaryDirectory();
        string scenario = directory.Write("a.yaml", $"key_file: {directory.Write("keys.txt", "a 10\n")}\n{line}\n");
        (int exitCode, _, string error) = await RunAsync("--scenario", scenario);
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.Equal($"memcachier: {scenario}, {sentence}\n", error.ReplaceLineEndings("\n"));
    }

    /// <summary>The last ones to speak of keys are the command line, the scenario and the preset, in this order.</summary>
    [ProgramTheory(ReferenceServer.Program)]
    [InlineData("", "--key-file {0}", "key_file keys 3")]
    [InlineData("key_file: '{0}'", "", "key_file keys 3")]
    [InlineData("keys: 10\nkey_size: 30", "--key-file {0}", "key_file keys 3")]
    [InlineData("key_file: '{0}'", "--keys 10", "key_size keys 10")]
    [InlineData("key_file: '{0}'", "--key-size 20", "key_size keys 100000")]
    [InlineData("key_file: '{0}'\npreset: twitter-14", "", "key_file keys 3")]
    [InlineData("preset: twitter-14\nkeys: 10", "--key-file {0}", "key_file keys 3")]
    public async Task The_command_line_wins(string scenario, string switches, string expected)
    {
        using var server = new ReferenceServer();
        using var directory = new TemporaryDirectory();
        string file = directory.Write("keys.txt", "a 10\r\nb\r\nc 0\r\n");
        string text = $"name: x\n{scenario.Replace("{0}", file, StringComparison.Ordinal)}\n";
        string[] args =
        [
            "--scenario", directory.Write("a.yaml", text), "--server", server.Address.ToString(), "--warm-up", "0s",
            "--requests", "50", "--verify", "--json", directory.File("a.json"),
            .. switches.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Replace("{0}", file, StringComparison.Ordinal)),
        ];
        (int exitCode, string output, string error) = await RunAsync(args);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\nerrors      0", output);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(directory.File("a.json")));
        JsonElement settings = json.RootElement.GetProperty("settings");
        bool hasFile = settings.TryGetProperty("key_file", out JsonElement path);
        Assert.Equal(expected, $"{(hasFile ? "key_file" : "key_size")} keys {settings.GetProperty("keys")}");
        Assert.Equal(!hasFile, settings.TryGetProperty("key_size", out _));
        if (hasFile) Assert.Equal(file, path.GetString());
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode = await new CommandLine(output, error).RunAsync(["load", .. args]);
        return (exitCode, output.ToString(), error.ToString());
    }
}
