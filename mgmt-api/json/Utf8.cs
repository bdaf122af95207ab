using System;

namespace Memcachier.Management.Json;

/// <summary>Well-formed UTF-8 (The Unicode Standard, table 3-7; RFC 3629 §4).</summary>
public static class Utf8
{
    /// <summary>
    /// Bytes of the character that <paramref name="text"/> begins with, 1 to 4; 0 if it begins with none: overlong
    /// forms, surrogates, numbers beyond U+10FFFF, and what is cut off.
    /// </summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0) return 0;
        byte first = text[0];
        if (first < 0x80) return 1;
        int length = first is >= 0xC2 and <= 0xDF ? 2 : first is >= 0xE0 and <= 0xEF ? 3 : first is >= 0xF0 and <= 0xF4 ? 4 : 0;
        if (length == 0 || length > text.Length) return 0;
        if (text[1] < LeastSecond(first) || text[1] > MostSecond(first)) return 0;
        for (int i = 2; i < length; i++)
        {
            if ((text[i] & 0xC0) != 0x80) return 0;
        }
        return length;
    }

    /// <summary>Writes a character; returns how many bytes it has, 1 to 4.</summary>
    /// <param name="code">Up to U+10FFFF, and no surrogate.</param>
    public static int Encode(int code, Span<byte> destination)
    {
        if (code < 0x80)
        {
            destination[0] = (byte)code;
            return 1;
        }
        int length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        for (int i = length - 1; i > 0; i--)
        {
            destination[i] = (byte)(0x80 | (code & 0x3F));
            code >>= 6;
        }
        destination[0] = (byte)((0xF00 >> length) | code);
        return length;
    }

    private static byte LeastSecond(byte first) => first == 0xE0 ? (byte)0xA0 : first == 0xF0 ? (byte)0x90 : (byte)0x80;

    private static byte MostSecond(byte first) => first == 0xED ? (byte)0x9F : first == 0xF4 ? (byte)0x8F : (byte)0xBF;
}
