using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Memcachier.Management.Assets.Build;

/// <summary>Files as C#: a table of their octets, entity tags and media types, and which of them is at a path.</summary>
public static class AssetSource
{
    private const int TagOctets = 8;

    /// <summary>The source of the class; the same for the same content.</summary>
    /// <param name="assets">What a file is called on the wire, and what it holds.</param>
    /// <exception cref="DecoderFallbackException">A file is not UTF-8.</exception>
    /// <exception cref="ArgumentException">Nobody knows what a file is by its name.</exception>
    public static string Write(IReadOnlyList<(string Path, byte[] Content)> assets)
    {
        ArgumentNullException.ThrowIfNull(assets);
        var source = new StringBuilder(
            """
            using System;

            namespace Memcachier.Management.Assets;

            /// <summary>The files that are served as they are.</summary>
            public static class EmbeddedAssets
            {
                /// <summary>The index of the file at a path; -1 if there is none.</summary>
                public static int Find(ReadOnlySpan<byte> path)
                {

            """);
        for (int i = 0; i < assets.Count; i++)
            _ = source.Append(CultureInfo.InvariantCulture, $"        if (path.SequenceEqual(\"{assets[i].Path}\"u8)) return {i};\n");
        _ = source.Append("        return -1;\n    }\n");
        WriteTable(source, "Path", assets, asset => Encoding.ASCII.GetBytes(asset.Path));
        WriteTable(source, "MediaType", assets, asset => Encoding.ASCII.GetBytes(MediaTypeOf(asset.Path)));
        WriteTable(source, "Tag", assets, asset => TagOf(asset.Content));
        WriteTable(source, "Content", assets, asset => asset.Content);
        return source.Append("}\n").ToString();
    }

    private static void WriteTable(
        StringBuilder source, string name, IReadOnlyList<(string Path, byte[] Content)> assets, Func<(string Path, byte[] Content), byte[]> part)
    {
        _ = source.Append(CultureInfo.InvariantCulture, $"\n    public static ReadOnlySpan<byte> {name}(int index) => index switch\n    {{\n");
        for (int i = 0; i < assets.Count; i++)
            _ = source.Append(CultureInfo.InvariantCulture, $"        {i} => {Literal(part(assets[i]))}u8,\n");
        _ = source.Append("        _ => default,\n    };\n");
    }

    private static byte[] TagOf(byte[] content) =>
        Encoding.ASCII.GetBytes($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, TagOctets))}\"");

    private static string MediaTypeOf(string path) => path[(path.LastIndexOfAny(['.', '/']) + 1)..] switch
    {
        "" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "yaml" => "application/yaml",                                           // RFC 9512
        _ => throw new ArgumentException($"{path} has no media type"),
    };

    private static string Literal(byte[] content)
    {
        string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content);
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') _ = literal.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~') _ = literal.Append(c);
            else _ = literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return literal.Append('"').ToString();
    }
}
