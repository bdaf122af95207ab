using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Memcachier.Kernel.Sim;

/// <summary>Bytes as a line of text that can be read, compared and put back: printable ones as they are, others escaped.</summary>
public static class Octets
{
    public static string Escape(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder();
        foreach (byte octet in octets)
        {
            _ = octet switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append("\\\\"),
                < 0x20 or > 0x7e => text.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}"),
                _ => text.Append((char)octet),
            };
        }
        return text.ToString();
    }

    /// <exception cref="FormatException">It was not made by <see cref="Escape"/>.</exception>
    public static byte[] Unescape(string text)
    {
        var octets = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                octets.Add((byte)text[i]);
                continue;
            }
            i++;
            switch (i < text.Length ? text[i] : '\0')
            {
                case 'r':
                    octets.Add((byte)'\r');
                    break;
                case 'n':
                    octets.Add((byte)'\n');
                    break;
                case '\\':
                    octets.Add((byte)'\\');
                    break;
                case 'x' when i + 2 < text.Length:
                    octets.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                default:
                    throw new FormatException($"not an escape, at {i}: {text}");
            }
        }
        return octets.ToArray();
    }
}
