using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Memcachier.Management.Contract;

/// <summary>An operation as the document has it.</summary>
public sealed class ApiOperation
{
    private readonly Dictionary<string, JsonObject> _responses;

    internal ApiOperation(
        string id, string method, string path, TokenNeed token, IReadOnlyList<ApiParameter> parameters, Dictionary<string, JsonObject> responses)
    {
        Id = id;
        Method = method;
        Path = path;
        Token = token;
        Parameters = parameters;
        _responses = responses;
    }

    public string Id { get; }

    /// <summary>In capital letters.</summary>
    public string Method { get; }

    /// <summary>With its parameters in braces.</summary>
    public string Path { get; }

    public TokenNeed Token { get; }

    public IReadOnlyList<ApiParameter> Parameters { get; }

    /// <summary>All statuses it may answer: those that it names, and those that stand in its default response.</summary>
    public IReadOnlyList<int> Statuses =>
        [.. _responses.Keys.Where(key => key != "default").Select(int.Parse).Union(DefaultStatuses).Order()];

    private IEnumerable<int> DefaultStatuses =>
        _responses.TryGetValue("default", out JsonObject? response)
            ? response["content"]!["application/problem+json"]!["schema"]!["properties"]!["status"]!["enum"]!.AsArray()
                .Select(status => (int)status!.GetValue<decimal>())
            : [];

    /// <summary>What it says of a status, or null.</summary>
    public JsonObject? ResponseFor(int status)
    {
        if (_responses.TryGetValue(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out JsonObject? response))
            return response;
        return DefaultStatuses.Contains(status) ? _responses["default"] : null;
    }
}
