using System.Collections.Generic;
using System.Text.Json;

namespace Memcachier.Management.Tests.Resources;

/// <summary>An answer, its body without the chunks' frames, a letter a byte.</summary>
internal sealed record ApiAnswer(int Status, IReadOnlyDictionary<string, string> Fields, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(System.Text.Encoding.Latin1.GetBytes(Body));
            return document.RootElement.Clone();
        }
    }

    public string Field(string name) => Fields.TryGetValue(name, out string? value) ? value : "";
}
