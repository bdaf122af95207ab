using System;

namespace Memcachier.Configuration;

/// <summary>Looks at text in UTF-8, and writes it.</summary>
internal static class Utf8Text
{
    /// <summary>The highest code point.</summary>
    public const uint Max = 0x10_FFFF;

    private const uint SurrogateMin = 0xD800, SurrogateMax = 0xDFFF;
    private const byte Delete = 0x7F, ContinuationMask = 0xC0, Continuation = 0x80;

    /// <summary>Whether a code point is one half of a pair in UTF-16, which stands for nothing by itself.</summary>
    public static bool IsSurrogate(uint point) => point is >= SurrogateMin and <= SurrogateMax;

    /// <summary>Whether it is all UTF-8 (RFC 3629 §4) and there is no control character in it.</summary>
    public static bool IsPrintable(ReadOnlySpan<byte> text)
    {
        int position = 0;
        while (position < text.Length)
        {
            byte octet = text[position];
            if (octet is < (byte)' ' or Delete) return false;
            int length = LengthOf(octet);
            if (length == 0 || length > text.Length - position) return false;
            if (length > 1 && !IsWhole(text.Slice(position, length))) return false;
            position += length;
        }
        return true;
    }

    /// <summary>Writes a code point that is no surrogate. Fails if there is no room for it.</summary>
    /// <param name="count">How much of the room is used.</param>
    public static bool TryAppend(uint point, Span<byte> room, ref int count)
    {
        int length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
        if (length > room.Length - count) return false;
        int shift = 6 * (length - 1);
        // 0xxxxxxx, 110xxxxx, 1110xxxx, 11110xxx, and six bits in each byte behind it.
        uint mark = length == 1 ? 0u : 0xF00u >> length & 0xFF;
        room[count++] = (byte)(mark | point >> shift);
        while (shift > 0)
        {
            shift -= 6;
            room[count++] = (byte)(Continuation | (point >> shift & 0x3F));
        }
        return true;
    }

    /// <summary>Bytes of a code point that begins so; 0 if none does.</summary>
    private static int LengthOf(byte first) => first switch
    {
        < 0x80 => 1,
        >= 0xC2 and <= 0xDF => 2,
        >= 0xE0 and <= 0xEF => 3,
        >= 0xF0 and <= 0xF4 => 4,
        _ => 0,
    };

    /// <summary>Whether the bytes behind the first make it neither overlong, nor a surrogate, nor too high.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> octets)
    {
        for (int i = 1; i < octets.Length; i++)
        {
            if ((octets[i] & ContinuationMask) != Continuation) return false;
        }
        return octets[0] switch
        {
            0xE0 => octets[1] >= 0xA0,
            0xED => octets[1] < 0xA0,
            0xF0 => octets[1] >= 0x90,
            0xF4 => octets[1] < 0x90,
            _ => true,
        };
    }
}
