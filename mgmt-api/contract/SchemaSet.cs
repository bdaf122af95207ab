using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Memcachier.Management.Contract;

/// <summary>Judges values by schemas of JSON Schema 2020-12 that refer to the document's.</summary>
public sealed class SchemaSet
{
    private static readonly EvaluationOptions s_options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly Dictionary<string, JsonSchema> _schemas = [];
    private readonly JsonObject _components;

    internal SchemaSet(JsonObject components) => _components = components;

    /// <summary>What is wrong with a value.</summary>
    public IReadOnlyList<string> Check(JsonNode schema, JsonElement value)
    {
        EvaluationResults results = Compiled(schema).Evaluate(value, s_options);
        if (results.IsValid) return [];
        IEnumerable<EvaluationResults> all = [results, .. results.Details ?? []];
        return [.. all
            .Where(result => result.Errors is { Count: > 0 })
            .SelectMany(result => result.Errors!.Select(error => $"{result.InstanceLocation}: {error.Key}: {error.Value}"))
            .DefaultIfEmpty("the schema does not hold")];
    }

    private JsonSchema Compiled(JsonNode schema)
    {
        string text = schema.ToJsonString();
        if (_schemas.TryGetValue(text, out JsonSchema? compiled)) return compiled;
        JsonObject whole = schema.DeepClone().AsObject();
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        whole["$defs"] = _components.DeepClone();
        string local = whole.ToJsonString().Replace("\"#/components/schemas/", "\"#/$defs/", StringComparison.Ordinal);
        compiled = JsonSchema.FromText(local);
        _schemas.Add(text, compiled);
        return compiled;
    }
}
