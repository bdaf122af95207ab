using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Scenarios;
using Memcachier.LoadTest.Simulations;
using Xunit;

namespace Memcachier.LoadTest.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    private static readonly ScenarioReader Reader = new(new Dictionary<string, SwitchKind>
    {
        ["--server"] = SwitchKind.Text,
        ["--connections"] = SwitchKind.Text,
        ["--warm-up"] = SwitchKind.Text,
        ["--rate"] = SwitchKind.Text,
        ["--duration"] = SwitchKind.Text,
        ["--mix"] = SwitchKind.Text,
        ["--keys"] = SwitchKind.Text,
        ["--key-size"] = SwitchKind.Text,
        ["--key-file"] = SwitchKind.Text,
        ["--key-dist"] = SwitchKind.Text,
        ["--verify"] = SwitchKind.Flag,
        ["--no-preload"] = SwitchKind.Flag,
        ["--fail-if"] = SwitchKind.List,
    });

    private const string Whole = """
        # all of it
        name: evening
        server: 127.0.0.1:11211
        warm_up: 2s
        key_dist: zipf:0.99
        verify: true
        init: none
        steps:
          - operation: get
            weight: 8
          - { operation: multiget, keys: 10 }
        load_simulations:
          - ramping_constant: { copies: 20, during: 1m }
          - inject: { rate: 1000.5, during: 10s, name: "the plateau" }
          - pause:
              during: 500ms
          - inject_random: { min_rate: 0, max_rate: 50, interval: 100ms, during: 1h }
        thresholds:
          - p99>5ms
          - errors>0
        """;

    private const string WholeJson = """
        {
          "name": "evening", "server": "127.0.0.1:11211", "warm_up": "2s", "key_dist": "zipf:0.99", "verify": true,
          "init": "none",
          "steps": [ {"operation": "get", "weight": 8}, {"operation": "multiget", "keys": 10} ],
          "load_simulations": [
            { "ramping_constant": { "copies": 20, "during": "1m" } },
            { "inject": { "rate": 1000.5, "during": "10s", "name": "the plateau" } },
            { "pause": { "during": "500ms" } },
            { "inject_random": { "min_rate": 0, "max_rate": 50, "interval": "100ms", "during": "1h" } }
          ],
          "thresholds": ["p99>5ms", "errors>0"]
        }
        """;

    [Theory]
    [InlineData(Whole)]
    [InlineData(WholeJson)]
    public void All_of_it_is_read(string text)
    {
        Scenario scenario = Reader.Read("a.yaml", text);
        Assert.Equal("evening", scenario.Name);
        Assert.Equal(
            [
                ("--server", "127.0.0.1:11211"), ("--warm-up", "2s"), ("--key-dist", "zipf:0.99"), ("--verify", "true"),
                ("--no-preload", "true"), ("--mix", "get=8,multiget:10"), ("--fail-if", "p99>5ms"),
                ("--fail-if", "errors>0"),
            ],
            scenario.Switches.Select(each => (each.Name, each.Text)));
        Assert.Equal(
            [
                new() { Kind = SimulationKind.RampingConstant, Copies = 20, During = TimeSpan.FromMinutes(1) },
                new()
                {
                    Kind = SimulationKind.Inject, Rate = 1000.5, During = TimeSpan.FromSeconds(10), Name = "the plateau",
                },
                new() { Kind = SimulationKind.Pause, During = TimeSpan.FromMilliseconds(500) },
                new()
                {
                    Kind = SimulationKind.InjectRandom, RateMin = 0, RateMax = 50, During = TimeSpan.FromHours(1),
                    Interval = TimeSpan.FromMilliseconds(100),
                },
            ],
            scenario.Simulations);
        Assert.Equal(
            ["ramping_constant 20", "the plateau", "pause", "inject_random 0-50/100ms"],
            scenario.Simulations.Select(each => each.Name));
    }

    [Fact]
    public void A_switch_knows_its_place() => Assert.Equal(
        "a.yaml, line 4, column 10", Reader.Read("a.yaml", Whole).Switches.First(each => each.Name == "--warm-up").Place);

    [Theory]
    [InlineData("conections: 8", "line 1, column 1: a scenario has no key 'conections'; the nearest is 'connections'")]
    [InlineData("name: x\nwarm-up: 1s", "line 2, column 1: a scenario has no key 'warm-up'; the nearest is 'warm_up'")]
    [InlineData("rate: 1\nrate: 2", "line 2, column 1: Duplicate key")]
    [InlineData("rate: [1", "a.yaml, line 2, column 1: While parsing a")]
    [InlineData("- rate", "line 1, column 1: a scenario consists of keys with values, say 'rate: 1000'")]
    [InlineData("", "a.yaml: a scenario is missing")]
    [InlineData("rate: 1\n---\nrate: 2", "line 3, column 1: one scenario is enough for a file")]
    [InlineData("rate:", "line 1, column 6: rate is a single value")]
    [InlineData("rate: null", "line 1, column 7: rate is a single value")]
    [InlineData("rate: [1, 2]", "line 1, column 7: rate is a single value")]
    [InlineData("verify: yes", "line 1, column 9: 'yes' is neither true nor false: verify is one of them")]
    [InlineData("init: load", "line 1, column 7: 'load' is no way to begin: init is preload or none")]
    [InlineData("steps: get=1", "line 1, column 8: steps is a list of at least one")]
    [InlineData("steps: []", "line 1, column 8: steps is a list of at least one")]
    [InlineData("steps: [get]", "line 1, column 9: a step has keys: operation, keys, weight")]
    [InlineData("steps: [{ weight: 2 }]", "line 1, column 9: a step needs 'operation'")]
    [InlineData("steps: [{ op: get }]", "line 1, column 11: a step has no key 'op'; there are operation, keys, weight")]
    [InlineData("mix: get\nsteps: [{ operation: get }]",
        "line 2, column 1: 'steps' and 'mix' say the same thing; write one of them")]
    [InlineData("init: none\nno_preload: true", "'no_preload' and 'init' say the same thing; write one of them")]
    [InlineData("thresholds: [errors>0]\nfail_if: errors>1", "'fail_if' and 'thresholds' say the same thing")]
    [InlineData("duration: 1s\nload_simulations: [pause: { during: 1s }, inject: { rate: 1, during: 1s }]",
        "line 2, column 1: 'load_simulations' and 'duration' say the same thing; write one of them")]
    [InlineData("keys: 10\nkey_file: a.txt", "line 2, column 1: 'key_file' and 'keys' say the same thing; write one of them")]
    [InlineData("key_file: a.txt\nkey_size: 20", "line 2, column 1: 'key_size' and 'key_file' say the same thing")]
    [InlineData("load_simulations: [ramp: { during: 1s }]",
        "column 20: a load simulation has no key 'ramp'; there are keep_constant, ramping_constant, inject, ramping_inject, " +
        "inject_random, pause")]
    [InlineData("load_simulations: [pause: { during: 1s }]", "column 19: load_simulations has nothing but pauses")]
    [InlineData("load_simulations: [inject: 5]", "line 1, column 28: inject has keys: rate, during, interval, name")]
    [InlineData("load_simulations: [inject: { during: 1s }]", "line 1, column 20: inject needs 'rate'")]
    [InlineData("load_simulations: [inject: { rate: 1 }]", "line 1, column 20: inject needs 'during'")]
    [InlineData("load_simulations: [inject: { rate: 1, copies: 2, during: 1s }]",
        "line 1, column 39: inject has no key 'copies'; there are rate, during, interval, name")]
    [InlineData("load_simulations: [inject: { rate: 0, during: 1s }]",
        "column 36: '0' is not possible: rate is 0.001 to 100000000")]
    [InlineData("load_simulations: [inject: { rate: 100000000, interval: 1ms, during: 1s }]",
        "column 20: that is too fast: 100000000 requests a second are the most")]
    [InlineData("load_simulations: [keep_constant: { copies: 1.5, during: 1s }]",
        "'1.5' is not possible: copies is 1 to 10000")]
    [InlineData("load_simulations: [keep_constant: { copies: 1, during: 10 }]",
        "'10' is not a duration: during is a number above 0 and us, ms, s, m or h, say 10s")]
    [InlineData("load_simulations: [keep_constant: { copies: 1, during: 0s }]", "'0s' is not a duration")]
    [InlineData("load_simulations: [inject_random: { min_rate: 3, max_rate: 2, during: 1s }]",
        "column 20: min_rate is above max_rate")]
    [InlineData("load_simulations: [{ pause: { during: 1s }, inject: { rate: 1, during: 1s } }]",
        "column 20: each load simulation is an element of the list, with a '-' of its own")]
    public void What_is_wrong_is_said_with_its_place(string text, string sentence)
    {
        string message = Assert.Throws<LoadTestException>(() => Reader.Read("a.yaml", text)).Message;
        Assert.StartsWith("a.yaml", message);
        Assert.Contains(sentence, message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_sentence() => Assert.StartsWith(
        "cannot read the scenario: ",
        Assert.Throws<LoadTestException>(() => Reader.Read("/tmp/there/is/none.yaml")).Message);

    [Theory]
    [InlineData("warmup", "warm_up")]
    [InlineData("stepps", "steps")]
    [InlineData("threshold", "thresholds")]
    public void The_nearest_word_is(string word, string expected) =>
        Assert.Equal(expected, NearestWord.Of(word, [.. ScenarioReader.OwnKeys, "warm_up"]));
}
