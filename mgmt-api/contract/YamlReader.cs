using System.Globalization;
using System.IO;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Memcachier.Management.Contract;

/// <summary>YAML as JSON, by the core schema of YAML 1.2 (§10.3) as far as OpenAPI documents need it.</summary>
public static class YamlReader
{
    public static JsonNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Convert(stream.Documents[0].RootNode) ?? throw new InvalidDataException("an empty document");
    }

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach ((YamlNode name, YamlNode value) in mapping.Children)
                    members.Add(((YamlScalarNode)name).Value!, Convert(value));
                return members;
            case YamlSequenceNode sequence:
                var elements = new JsonArray();
                foreach (YamlNode element in sequence.Children) elements.Add(Convert(element));
                return elements;
            default:
                return Convert((YamlScalarNode)node);
        }
    }

    private static JsonNode? Convert(YamlScalarNode node)
    {
        string text = node.Value!;
        if (node.Style != ScalarStyle.Plain) return JsonValue.Create(text);
        if (text is "null" or "~" or "") return null;
        if (text is "true" or "false") return JsonValue.Create(text == "true");
        bool isNumber = decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number);
        return isNumber ? JsonValue.Create(number) : JsonValue.Create(text);
    }
}
