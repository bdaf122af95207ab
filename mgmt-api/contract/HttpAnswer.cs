using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Memcachier.Management.Contract;

/// <summary>An answer of HTTP/1.1, a letter a byte; its body without the chunks' frames.</summary>
/// <param name="Fields">By their names, whatever their case.</param>
public sealed record HttpAnswer(int Status, string Reason, IReadOnlyDictionary<string, string> Fields, string Body)
{
    /// <summary>Takes an answer apart that is there to its end.</summary>
    public static HttpAnswer Parse(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) throw new FormatException($"no head: \"{text}\"");
        string[] lines = text[..end].Split("\r\n");
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 1)..].Trim());
        }
        string body = text[(end + 4)..];
        // The head of a HEAD's answer has the field, too.
        if (fields.ContainsKey("Transfer-Encoding") && body.Length > 0) body = Unchunk(body);
        return new HttpAnswer(int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture), lines[0][13..], fields, body);
    }

    private static string Unchunk(string text)
    {
        var body = new StringBuilder();
        while (true)
        {
            int end = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (end < 0) throw new FormatException("the last chunk is missing");
            int length = int.Parse(text.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0) return body.ToString();
            _ = body.Append(text, end + 2, length);
            text = text[(end + 2 + length + 2)..];
        }
    }
}
