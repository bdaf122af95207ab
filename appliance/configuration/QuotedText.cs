using System;

namespace Memcachier.Configuration;

/// <summary>Reads quoted texts: "..." with YAML's escapes (1.2.2 §5.7), which JSON's are among, and '...'.</summary>
internal static class QuotedText
{
    private const uint HighSurrogateMin = 0xD800, LowSurrogateMin = 0xDC00, SupplementaryMin = 0x1_0000;
    private const int SurrogateBits = 10;

    /// <param name="text">From the quotation mark on, to the end of the line.</param>
    /// <param name="room">For a text that is written differently from what it means.</param>
    /// <param name="value">
    /// What it means, in <paramref name="text"/> or <paramref name="room"/>; what it looks like, if that is too long.
    /// </param>
    /// <param name="length">Bytes up to and with the other quotation mark; 0 if there is none.</param>
    public static QuoteOutcome Read(
        ReadOnlySpan<byte> text, Span<byte> room, out ReadOnlySpan<byte> value, out int length)
    {
        value = default;
        length = 0;
        byte quote = text[0];
        int end = FindEnd(text, quote, out bool hasEscapes);
        if (end < 0) return QuoteOutcome.Open;
        length = end + 1;
        value = text.Slice(1, end - 1);
        if (!Utf8Text.IsPrintable(value)) return QuoteOutcome.BadCharacter;
        if (!hasEscapes) return QuoteOutcome.Done;
        int count = 0;
        QuoteOutcome outcome = quote == '\''
            ? Undouble(value, room, ref count)
            : Unescape(value, room, ref count);
        if (outcome == QuoteOutcome.Done) value = room.Slice(0, count);
        return outcome;
    }

    /// <summary>Where the other quotation mark is; -1 if there is none.</summary>
    private static int FindEnd(ReadOnlySpan<byte> text, byte quote, out bool hasEscapes)
    {
        hasEscapes = false;
        int position = 1;
        while (position < text.Length)
        {
            byte octet = text[position];
            bool isDoubled = quote == '\'' && position + 1 < text.Length && text[position + 1] == quote;
            if (octet == quote && !isDoubled) return position;
            bool isEscape = octet == quote || (octet == '\\' && quote == '"');
            hasEscapes |= isEscape;
            position += isEscape ? 2 : 1;
        }
        return -1;
    }

    /// <summary>In '...' the quotation mark itself is written twice.</summary>
    private static QuoteOutcome Undouble(ReadOnlySpan<byte> text, Span<byte> room, ref int count)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (count == room.Length) return QuoteOutcome.TooLong;
            room[count++] = text[i];
            if (text[i] == '\'') i++;
        }
        return QuoteOutcome.Done;
    }

    private static QuoteOutcome Unescape(ReadOnlySpan<byte> text, Span<byte> room, ref int count)
    {
        while (text.Length > 0)
        {
            if (text[0] != '\\')
            {
                if (count == room.Length) return QuoteOutcome.TooLong;
                room[count++] = text[0];
                text = text.Slice(1);
                continue;
            }
            if (!TryTakeEscape(ref text, out uint point)) return QuoteOutcome.BadEscape;
            if (!Utf8Text.TryAppend(point, room, ref count)) return QuoteOutcome.TooLong;
        }
        return QuoteOutcome.Done;
    }

    /// <summary>Takes a backslash and what belongs to it.</summary>
    private static bool TryTakeEscape(scoped ref ReadOnlySpan<byte> text, out uint point)
    {
        byte letter = text[1];
        text = text.Slice(2);
        if (letter == 'u') return TryTakeUtf16(ref text, out point);
        if (TryFindLetter(letter, out point)) return true;
        if (letter == 'x') return TryTakeHex(ref text, 2, out point);
        if (letter != 'U') return TryFindYamlLetter(letter, out point);
        return TryTakeHex(ref text, 8, out point) && point <= Utf8Text.Max && !Utf8Text.IsSurrogate(point);
    }

    /// <summary>RFC 8259 §7: four digits, or twice four for what has a pair in UTF-16.</summary>
    private static bool TryTakeUtf16(scoped ref ReadOnlySpan<byte> text, out uint point)
    {
        if (!TryTakeHex(ref text, 4, out point)) return false;
        if (!Utf8Text.IsSurrogate(point)) return true;
        if (point >= LowSurrogateMin || !text.StartsWith("\\u"u8)) return false;
        text = text.Slice(2);
        if (!TryTakeHex(ref text, 4, out uint low)) return false;
        if (low < LowSurrogateMin || !Utf8Text.IsSurrogate(low)) return false;
        point = SupplementaryMin + ((point - HighSurrogateMin) << SurrogateBits) + (low - LowSurrogateMin);
        return true;
    }

    private static bool TryTakeHex(scoped ref ReadOnlySpan<byte> text, int digitCount, out uint value)
    {
        value = 0;
        if (text.Length < digitCount) return false;
        for (int i = 0; i < digitCount; i++)
        {
            byte octet = text[i];
            int letter = (octet | 0x20) - 'a';
            if (octet is >= (byte)'0' and <= (byte)'9') value = value << 4 | (uint)(octet - '0');
            else if (letter is >= 0 and < 6) value = value << 4 | (uint)(letter + 10);
            else return false;
        }
        text = text.Slice(digitCount);
        return true;
    }

    /// <summary>Those that both languages have.</summary>
    private static bool TryFindLetter(byte letter, out uint point)
    {
        point = letter switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => letter,
            (byte)'b' => 0x08,
            (byte)'f' => 0x0C,
            (byte)'n' => 0x0A,
            (byte)'r' => 0x0D,
            (byte)'t' => 0x09,
            _ => uint.MaxValue,
        };
        return point != uint.MaxValue;
    }

    /// <summary>Those that only YAML has.</summary>
    private static bool TryFindYamlLetter(byte letter, out uint point)
    {
        point = letter switch
        {
            (byte)'0' => 0x00,
            (byte)'a' => 0x07,
            (byte)'v' => 0x0B,
            (byte)'e' => 0x1B,
            (byte)' ' => 0x20,
            (byte)'N' => 0x85,
            (byte)'_' => 0xA0,
            (byte)'L' => 0x2028,
            (byte)'P' => 0x2029,
            _ => uint.MaxValue,
        };
        return point != uint.MaxValue;
    }
}
