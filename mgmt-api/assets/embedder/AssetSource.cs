using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Memcachier.Management.Assets.Build;

/// <summary>Files as C#: each is a property with its octets, and another with its entity tag.</summary>
public static class AssetSource
{
    private const int TagOctets = 8;

    /// <summary>The source of the class; the same for the same content.</summary>
    /// <exception cref="DecoderFallbackException">A file is not UTF-8.</exception>
    public static string Write(IEnumerable<(string Name, byte[] Content)> assets)
    {
        ArgumentNullException.ThrowIfNull(assets);
        var source = new StringBuilder(
            """
            using System;

            namespace Memcachier.Management.Assets;

            /// <summary>The files that are served as they are.</summary>
            public static class EmbeddedAssets
            {

            """);
        foreach ((string name, byte[] content) in assets)
        {
            string tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, TagOctets));
            _ = source.Append(CultureInfo.InvariantCulture, $"    public static ReadOnlySpan<byte> {name} => {Literal(content)}u8;\n\n");
            _ = source.Append(CultureInfo.InvariantCulture, $"    public static ReadOnlySpan<byte> {name}Tag => \"\\\"{tag}\\\"\"u8;\n\n");
        }
        source.Length--;
        return source.Append("}\n").ToString();
    }

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
