using System;

namespace Memcachier.Management.Http;

/// <summary>Escapes of URIs (RFC 3986 §2.1).</summary>
public static class PercentCoding
{
    /// <summary>
    /// Replaces each escape by its octet. Fails if one is malformed, or the result is longer than
    /// <paramref name="destination"/>.
    /// </summary>
    /// <param name="text">One segment of a path, or the name or value of a parameter.</param>
    /// <param name="isQuery">A plus sign is a space, as forms and URLSearchParams write it.</param>
    /// <param name="length">Of the result, in bytes.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, bool isQuery, Span<byte> destination, out int length)
    {
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (length == destination.Length) return false;
            byte octet = text[i];
            if (octet == '%')
            {
                if (text.Length - i < 3) return false;
                int high = Ascii.HexValue(text[i + 1]);
                int low = Ascii.HexValue(text[i + 2]);
                if (high < 0 || low < 0) return false;
                octet = (byte)((high << 4) | low);
                i += 2;
            }
            else if (isQuery && octet == '+')
            {
                octet = (byte)' ';
            }
            destination[length++] = octet;
        }
        return true;
    }
}
