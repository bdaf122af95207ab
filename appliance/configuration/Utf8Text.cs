using System;
using Memcachier.Management.Json;

namespace Memcachier.Configuration;

/// <summary>Looks at text in UTF-8, and writes it.</summary>
internal static class Utf8Text
{
    /// <summary>The highest code point.</summary>
    public const uint Max = 0x10_FFFF;

    private const uint SurrogateMin = 0xD800, SurrogateMax = 0xDFFF;
    private const byte Delete = 0x7F;
    private const int LengthMax = 4;

    /// <summary>Whether a code point is one half of a pair in UTF-16, which stands for nothing by itself.</summary>
    public static bool IsSurrogate(uint point) => point is >= SurrogateMin and <= SurrogateMax;

    /// <summary>Whether it is all UTF-8 and there is no control character in it.</summary>
    public static bool IsPrintable(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0)
        {
            int length = Utf8.LengthOfFirst(text);
            if (length == 0 || text[0] is < (byte)' ' or Delete) return false;
            text = text.Slice(length);
        }
        return true;
    }

    /// <summary>Writes a code point that is no surrogate. Fails if there is no room for it.</summary>
    /// <param name="count">How much of the room is used.</param>
    public static bool TryAppend(uint point, Span<byte> room, ref int count)
    {
        Span<byte> character = stackalloc byte[LengthMax];
        int length = Utf8.Encode((int)point, character);
        if (length > room.Length - count) return false;
        character.Slice(0, length).CopyTo(room.Slice(count));
        count += length;
        return true;
    }
}
