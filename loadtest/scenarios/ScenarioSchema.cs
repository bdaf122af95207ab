using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memcachier.LoadTest.Scenarios;

/// <summary>
/// A JSON schema (draft 2020-12) of scenarios, with which editors complete keys and mark mistakes. What a word may look
/// like in full is known only to those who read it.
/// </summary>
public static class ScenarioSchema
{
    private const string DurationPattern = "^[0-9.]+(us|µs|ms|s|m|h)$";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<string, string> SimulationTexts = new()
    {
        ["keep_constant"] = "Closed loop: so many connections, each of which sends the next request when one was answered.",
        ["ramping_constant"] = "Closed loop: ever more or fewer connections, from those before to those asked for.",
        ["inject"] = "Open loop: requests are due at even intervals, whatever becomes of earlier ones.",
        ["ramping_inject"] = "Open loop: the rate goes in a straight line from the one before to the one asked for.",
        ["inject_random"] = "Open loop: each interval has a rate of its own, drawn from those between two.",
        ["pause"] = "Nothing is sent.",
    };

    public static string Text(IEnumerable<SwitchShape> switches)
    {
        var properties = new JsonObject
        {
            ["name"] = Of("string", "What the load test is called."),
            ["init"] = new JsonObject
            {
                ["enum"] = new JsonArray("preload", "none"),
                ["default"] = "preload",
                ["description"] = "Whether every key is stored first.",
            },
            ["steps"] = List("Operations and their weights, in the place of mix.", Step()),
            ["load_simulations"] = List("How the load goes, one after the other.", Simulation()),
            ["thresholds"] = List("Limits that fail the test, in the place of fail_if.", new JsonObject { ["type"] = "string" }),
        };
        foreach (SwitchShape each in switches)
            properties[ScenarioReader.KeyOf(each.Name)] = PropertyOf(each);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A scenario of memcachier load",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["minProperties"] = 1,
            ["properties"] = properties,
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonObject PropertyOf(SwitchShape shape)
    {
        JsonObject property = shape.Kind switch
        {
            SwitchKind.Flag => new JsonObject { ["type"] = "boolean", ["default"] = false },
            SwitchKind.List => new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "string" },
                    new JsonObject
                    {
                        ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["minItems"] = 1,
                    }),
            },
            _ => ValueOf(shape.Values ?? ""),
        };
        if (shape.Default != null) property["default"] = DefaultOf(shape.Default);
        if (shape.Description != null) property["description"] = shape.Description;
        return property;
    }

    private static JsonObject ValueOf(string values) => values switch
    {
        "N" or "SECONDS" => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        "FACTOR" => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 },
        "TIME" => new JsonObject { ["type"] = "string", ["pattern"] = DurationPattern },
        _ when values.Contains('|') =>
            new JsonObject { ["enum"] = new JsonArray([.. values.Split('|').Select(each => JsonValue.Create(each))]) },
        _ => new JsonObject { ["type"] = new JsonArray("string", "number") },
    };

    private static JsonNode? DefaultOf(string text) => long.TryParse(text, out long number) ? number : text;

    private static JsonObject Step() => Mapping(
        new JsonObject
        {
            ["operation"] = Of("string", "get, multiget, set or another operation of --mix."),
            ["keys"] = Counting("Keys of a multiget.", 2),
            ["weight"] = Counting("Its share of the sum of all weights; 1 if nothing is said.", 1),
        },
        "operation");

    /// <summary>A mapping with one key, which is the kind.</summary>
    private static JsonObject Simulation()
    {
        var kinds = new JsonObject();
        foreach ((string kind, string[] keys) in ScenarioReader.SimulationShapes)
        {
            var properties = new JsonObject();
            foreach (string key in keys) properties[key.TrimEnd('?')] = SimulationKey(key.TrimEnd('?'));
            JsonObject mapping = Mapping(properties, [.. keys.Where(key => !key.EndsWith('?'))]);
            mapping["description"] = SimulationTexts[kind];
            kinds[kind] = mapping;
        }
        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["minProperties"] = 1,
            ["maxProperties"] = 1,
            ["properties"] = kinds,
        };
    }

    private static JsonObject SimulationKey(string key) => key switch
    {
        "copies" => Counting("Connections with requests on their way.", 0),
        "rate" => new JsonObject
        {
            ["type"] = "number", ["minimum"] = 0, ["description"] = "Requests an interval.",
        },
        "min_rate" => Counting("The fewest requests an interval.", 0),
        "max_rate" => Counting("The most requests an interval.", 1),
        "interval" => Duration("What rates are counted in, and how long a drawn one holds; 1s if nothing is said."),
        "during" => Duration("How long it goes on."),
        "name" => Of("string", "What it is called in the results."),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private static JsonObject Mapping(JsonObject properties, params string[] required) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray([.. required.Select(each => JsonValue.Create(each))]),
        ["properties"] = properties,
    };

    private static JsonObject List(string description, JsonObject items) => new()
    {
        ["description"] = description, ["type"] = "array", ["minItems"] = 1, ["items"] = items,
    };

    private static JsonObject Duration(string description) => new()
    {
        ["type"] = "string", ["pattern"] = DurationPattern, ["description"] = description,
    };

    private static JsonObject Counting(string description, int least) => new()
    {
        ["type"] = "integer", ["minimum"] = least, ["description"] = description,
    };

    private static JsonObject Of(string type, string description) => new()
    {
        ["type"] = type, ["description"] = description,
    };
}
