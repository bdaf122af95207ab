using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Memcachier.LoadTest.Scenarios;

/// <summary>
/// Reads a scenario in YAML or JSON. Each switch of the command line is a key, with _ for -; the others are
/// <see cref="OwnKeys"/>.
/// </summary>
public sealed class ScenarioReader
{
    private const string Mix = "--mix";
    private const string NoPreload = "--no-preload";
    private const string FailIf = "--fail-if";

    private static readonly string[] StepKeys = ["operation", "keys", "weight"];

    private readonly IReadOnlyDictionary<string, SwitchKind> _switches;
    private readonly string[] _keys;

    /// <param name="switches">Those of the command line, with their dashes, that a scenario may set.</param>
    public ScenarioReader(IReadOnlyDictionary<string, SwitchKind> switches)
    {
        _switches = switches;
        _keys = [.. OwnKeys, .. switches.Keys.Select(KeyOf)];
    }

    /// <summary>The keys that are no switches.</summary>
    public static IReadOnlyList<string> OwnKeys { get; } = ["name", "init", "steps", "load_simulations", "thresholds"];

    /// <summary>The kinds of load simulations and their keys, of which those with a ? may be left out.</summary>
    public static IReadOnlyDictionary<string, string[]> SimulationShapes => SimulationReader.Shapes;

    /// <summary><c>warm_up</c> for <c>--warm-up</c>.</summary>
    public static string KeyOf(string name) => name.TrimStart('-').Replace('-', '_');

    public Scenario Read(string file)
    {
        try
        {
            return Read(file, File.ReadAllText(file, Encoding.UTF8));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"cannot read the scenario: {problem.Message}", problem);
        }
    }

    /// <param name="file">Its name, for errors.</param>
    /// <param name="text">What is in it.</param>
    public Scenario Read(string file, string text)
    {
        (Yaml yaml, YamlMappingNode root) = Yaml.Load(file, text);
        var scenario = new Scenario { Switches = [], Simulations = [] };
        var switches = new List<SwitchValue>();
        var setBy = new Dictionary<string, string>();
        foreach ((string key, YamlNode keyNode, YamlNode value) in yaml.Entries(root, _keys, "a scenario"))
        {
            scenario = key switch
            {
                "name" => scenario with { Name = yaml.Word(value, key) },
                "load_simulations" => scenario with { Simulations = SimulationReader.Read(yaml, value) },
                _ => scenario,
            };
            foreach (string what in SetBy(key))
            {
                if (!setBy.TryAdd(what, key))
                    throw yaml.Error(keyNode, $"'{key}' and '{setBy[what]}' say the same thing; write one of them");
            }
            switches.AddRange(SwitchesOf(yaml, key, value));
        }
        return scenario with { Switches = switches };
    }

    /// <summary>What a key determines, so that no other one may, too.</summary>
    private static string[] SetBy(string key) => key switch
    {
        "steps" => ["mix"],
        "init" => ["no_preload"],
        "thresholds" => ["fail_if"],
        "load_simulations" => ["rate", "duration", "requests"],
        "key_file" => ["keys", "key_size", "key_file"],
        _ => [key],
    };

    private IEnumerable<SwitchValue> SwitchesOf(Yaml yaml, string key, YamlNode value)
    {
        switch (key)
        {
            case "name" or "load_simulations":
                return [];
            case "init":
                bool isPreloading = yaml.Word(value, key) switch
                {
                    "preload" => true,
                    "none" => false,
                    var text => throw yaml.Error(value, $"'{text}' is no way to begin: init is preload or none"),
                };
                return [new SwitchValue(NoPreload, isPreloading ? "false" : "true", yaml.PlaceOf(value))];
            case "steps":
                IEnumerable<string> steps = yaml.Elements(value, key).Select(step => StepOf(yaml, step));
                return [new SwitchValue(Mix, string.Join(',', steps), yaml.PlaceOf(value))];
            case "thresholds":
                return Listed(yaml, FailIf, key, value);
            default:
                return SwitchOf(yaml, key, value);
        }
    }

    private IEnumerable<SwitchValue> SwitchOf(Yaml yaml, string key, YamlNode value)
    {
        (string name, SwitchKind kind) = _switches.First(each => KeyOf(each.Key) == key);
        return kind switch
        {
            SwitchKind.Flag => [new SwitchValue(name, yaml.Flag(value, key) ? "true" : "false", yaml.PlaceOf(value))],
            SwitchKind.List when value is YamlSequenceNode => Listed(yaml, name, key, value),
            _ => [new SwitchValue(name, yaml.Word(value, key), yaml.PlaceOf(value))],
        };
    }

    private static IEnumerable<SwitchValue> Listed(Yaml yaml, string name, string key, YamlNode value) =>
        [.. yaml.Elements(value, key).Select(
            each => new SwitchValue(name, yaml.Word(each, $"an element of {key}"), yaml.PlaceOf(each)))];

    /// <summary>An entry of the mix.</summary>
    private static string StepOf(Yaml yaml, YamlNode node)
    {
        string? operation = null;
        string keys = "", weight = "";
        foreach ((string key, _, YamlNode value) in yaml.Entries(node, StepKeys, "a step"))
        {
            string text = yaml.Word(value, key);
            switch (key)
            {
                case "operation":
                    operation = text;
                    break;
                case "keys":
                    keys = $":{text}";
                    break;
                default:
                    weight = $"={text}";
                    break;
            }
        }
        return operation == null ? throw yaml.Error(node, "a step needs 'operation'") : operation + keys + weight;
    }
}
