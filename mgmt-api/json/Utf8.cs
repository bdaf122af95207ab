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

    private static byte LeastSecond(byte first) => first == 0xE0 ? (byte)0xA0 : first == 0xF0 ? (byte)0x90 : (byte)0x80;

    private static byte MostSecond(byte first) => first == 0xED ? (byte)0x9F : first == 0xF4 ? (byte)0x8F : (byte)0xBF;
}
