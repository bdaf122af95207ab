using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Simulations;
using YamlDotNet.RepresentationModel;

namespace Memcachier.LoadTest.Scenarios;

/// <summary>Reads <c>load_simulations</c>: a list of mappings with one key each, the simulation's kind.</summary>
internal static class SimulationReader
{
    private static readonly Dictionary<string, SimulationKind> Kinds =
        Enum.GetValues<SimulationKind>().ToDictionary(LoadSimulation.NameOf, StringComparer.Ordinal);

    /// <summary>The keys of a kind; those with a question mark may be left out.</summary>
    private static readonly Dictionary<SimulationKind, string[]> Keys = new()
    {
        [SimulationKind.KeepConstant] = ["copies", "during", "name?"],
        [SimulationKind.RampingConstant] = ["copies", "during", "name?"],
        [SimulationKind.Inject] = ["rate", "during", "interval?", "name?"],
        [SimulationKind.RampingInject] = ["rate", "during", "interval?", "name?"],
        [SimulationKind.InjectRandom] = ["min_rate", "max_rate", "during", "interval?", "name?"],
        [SimulationKind.Pause] = ["during", "name?"],
    };

    /// <summary>The names of the kinds, and the keys of each, as above.</summary>
    public static IReadOnlyDictionary<string, string[]> Shapes { get; } =
        Kinds.ToDictionary(each => each.Key, each => Keys[each.Value], StringComparer.Ordinal);

    public static List<LoadSimulation> Read(Yaml yaml, YamlNode node)
    {
        var simulations = new List<LoadSimulation>();
        foreach (YamlNode element in yaml.Elements(node, "load_simulations"))
        {
            var entries = yaml.Entries(element, Kinds.Keys, "a load simulation").ToList();
            if (entries.Count != 1)
                throw yaml.Error(element, "each load simulation is an element of the list, with a '-' of its own");
            simulations.Add(ReadOne(yaml, entries[0].Key, entries[0].KeyNode, entries[0].Value));
        }
        return simulations.TrueForAll(each => each.Kind == SimulationKind.Pause)
            ? throw yaml.Error(node, "load_simulations has nothing but pauses")
            : simulations;
    }

    private static LoadSimulation ReadOne(Yaml yaml, string kindName, YamlNode kindNode, YamlNode node)
    {
        SimulationKind kind = Kinds[kindName];
        string[] keys = Keys[kind];
        var simulation = new LoadSimulation { Kind = kind, During = default };
        var seen = new HashSet<string>();
        foreach ((string key, _, YamlNode value) in yaml.Entries(node, [.. keys.Select(Plain)], kindName))
        {
            _ = seen.Add(key);
            simulation = With(simulation, yaml, key, value);
        }
        string? missing = keys.FirstOrDefault(key => !key.EndsWith('?') && !seen.Contains(key));
        if (missing != null) throw yaml.Error(kindNode, $"{kindName} needs '{missing}'");
        if (simulation.RateMin > simulation.RateMax)
            throw yaml.Error(kindNode, "min_rate is above max_rate");
        if (simulation.IsOpenLoop &&
            Math.Max(simulation.Rate, simulation.RateMax) / simulation.Interval.TotalSeconds > LoadSettings.RateMax)
            throw yaml.Error(kindNode, $"that is too fast: {LoadSettings.RateMax} requests a second are the most");
        return simulation;
    }

    private static LoadSimulation With(LoadSimulation simulation, Yaml yaml, string key, YamlNode value)
    {
        bool isRamp = simulation.Kind is SimulationKind.RampingConstant or SimulationKind.RampingInject;
        return key switch
        {
            "copies" => simulation with
            {
                Copies = yaml.Count(value, key, isRamp ? 0 : 1, LoadSettings.ConnectionCountMax),
            },
            "rate" => simulation with { Rate = yaml.Number(value, key, isRamp ? 0 : 0.001, LoadSettings.RateMax) },
            "min_rate" => simulation with { RateMin = yaml.Count(value, key, 0, (int)LoadSettings.RateMax) },
            "max_rate" => simulation with { RateMax = yaml.Count(value, key, 1, (int)LoadSettings.RateMax) },
            "interval" => simulation with { Interval = yaml.Duration(value, key) },
            "name" => simulation with { Name = yaml.Word(value, key) },
            _ => simulation with { During = yaml.Duration(value, key) },
        };
    }

    private static string Plain(string key) => key.TrimEnd('?');
}
