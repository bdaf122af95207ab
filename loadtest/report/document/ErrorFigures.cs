using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memcachier.LoadTest.Report.Document;

/// <summary>Errors: how many, and by kind, with the first one in words.</summary>
public sealed record ErrorFigures
{
    public required long Total { get; init; }

    /// <summary>By the kind's name with underscores; see <see cref="Kinds"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Members { get; init; } = [];

    /// <summary>The kinds that occurred.</summary>
    public IReadOnlyList<(string Name, long Count, string First)> Kinds() =>
    [
        .. Members.Where(each => each.Value.ValueKind == JsonValueKind.Object).Select(each => (
            each.Key.Replace('_', ' '),
            each.Value.TryGetProperty("count", out JsonElement count) && count.TryGetInt64(out long number) ? number : 0,
            each.Value.TryGetProperty("first", out JsonElement first) ? first.ToString() : "")),
    ];
}
