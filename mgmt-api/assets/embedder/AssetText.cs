using System;
using System.Text;

namespace Memcachier.Management.Assets.Build;

/// <summary>
/// Leaves out what only readers of the source need: indentation, empty lines, and comments that are lines of their own. So
/// no string or template of those files goes over several lines.
/// </summary>
public static class AssetText
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The shorter content of a file; of what is not the dashboard's, the content as it is.</summary>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    public static byte[] Shorten(string fileName, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        bool isScript = fileName.EndsWith(".js", StringComparison.Ordinal);
        bool isStyle = fileName.EndsWith(".css", StringComparison.Ordinal);
        if (!isScript && !isStyle && !fileName.EndsWith(".html", StringComparison.Ordinal)) return content;
        var text = new StringBuilder();
        bool isInComment = false;
        foreach (string line in s_utf8.GetString(content).Split('\n'))
        {
            string rest = line.Trim();
            bool begins = (isScript || isStyle) && rest.StartsWith("/*", StringComparison.Ordinal);
            bool isComment = isInComment || begins || (isScript && rest.StartsWith("//", StringComparison.Ordinal));
            if (isInComment || begins) isInComment = !rest.EndsWith("*/", StringComparison.Ordinal);
            if (!isComment && rest.Length > 0) _ = text.Append(rest).Append('\n');
        }
        return s_utf8.GetBytes(text.ToString());
    }
}
