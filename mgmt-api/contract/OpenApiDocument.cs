using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Memcachier.Management.Contract;

/// <summary>What an OpenAPI 3.1 document says of its operations, with references to its components resolved.</summary>
public sealed class OpenApiDocument
{
    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private readonly JsonObject _root;

    private OpenApiDocument(JsonObject root)
    {
        _root = root;
        Operations = [.. Paths.SelectMany(path => ReadPath(path.Key, path.Value!.AsObject()))];
        Schemas = new SchemaSet(Resolve("#/components/schemas"));
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>The version of the document itself.</summary>
    public string Version => _root["info"]!["version"]!.GetValue<string>();

    /// <summary>The schemas that the others refer to.</summary>
    public SchemaSet Schemas { get; }

    private JsonObject Paths => _root["paths"]!.AsObject();

    public static OpenApiDocument Parse(string yaml) => new(YamlReader.Read(yaml).AsObject());

    /// <summary>What stands at a place, or where it refers to.</summary>
    public JsonObject Follow(JsonNode node)
    {
        JsonObject here = node.AsObject();
        return here["$ref"] is { } reference ? Resolve(reference.GetValue<string>()) : here;
    }

    private JsonObject Resolve(string reference)
    {
        JsonNode? node = _root;
        foreach (string name in reference.Split('/')[1..]) node = node?[name];
        return node?.AsObject() ?? throw new FormatException($"{reference} leads nowhere");
    }

    private IEnumerable<ApiOperation> ReadPath(string path, JsonObject item) =>
        s_methods.Where(item.ContainsKey).Select(method => ReadOperation(path, method, item));

    private ApiOperation ReadOperation(string path, string method, JsonObject item)
    {
        JsonObject operation = item[method]!.AsObject();
        IEnumerable<JsonNode?> parameters = [.. item["parameters"]?.AsArray() ?? [], .. operation["parameters"]?.AsArray() ?? []];
        return new ApiOperation(
            operation["operationId"]!.GetValue<string>(),
            method.ToUpperInvariant(),
            path,
            NeedOf((operation["security"] ?? _root["security"])!.AsArray()),
            [.. parameters.Select(parameter => ReadParameter(Follow(parameter!)))],
            operation["responses"]!.AsObject().ToDictionary(response => response.Key, response => Follow(response.Value!)));
    }

    private static ApiParameter ReadParameter(JsonObject parameter) => new(
        parameter["name"]!.GetValue<string>(), parameter["in"]!.GetValue<string>(), parameter["schema"]!.AsObject());

    private static TokenNeed NeedOf(JsonArray security)
    {
        if (security.Count == 0) return TokenNeed.Never;
        return security.Any(one => one!.AsObject().Count == 0) ? TokenNeed.Perhaps : TokenNeed.Always;
    }
}
