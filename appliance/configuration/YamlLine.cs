using System;

namespace Memcachier.Configuration;

/// <summary>Takes a line of YAML apart: key, value, comment.</summary>
internal static class YamlLine
{
    /// <summary>Without spaces, tabs and a carriage return at its end.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        int length = text.Length;
        if (length > 0 && text[length - 1] == '\r') length--;
        while (length > 0 && IsSpace(text[length - 1])) length--;
        return text.Slice(0, length);
    }

    public static int CountSpaces(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && text[count] == ' ') count++;
        return count;
    }

    /// <summary>Whether there is nothing but a comment.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return start == text.Length || text[start] == '#';
    }

    /// <summary>"- VALUE" or "-"</summary>
    public static bool IsListItem(ReadOnlySpan<byte> content) => IsIndicator(content, (byte)'-');

    /// <summary>The value of a list's item; nothing if there is none.</summary>
    public static ReadOnlySpan<byte> ItemOf(ReadOnlySpan<byte> content) => WithoutSpaces(content.Slice(1));

    /// <summary>Takes "KEY: VALUE" apart.</summary>
    /// <param name="content">Without the spaces around it.</param>
    /// <param name="room">For a key that is written differently from what it means.</param>
    /// <param name="value">The value as it is written, or nothing; there may be a comment behind it.</param>
    /// <param name="problem">What is wrong, if anything is.</param>
    public static bool TryTakeKey(
        ReadOnlySpan<byte> content,
        Span<byte> room,
        out ReadOnlySpan<byte> key,
        out ReadOnlySpan<byte> value,
        out RemarkKind problem)
    {
        key = default;
        value = default;
        problem = RemarkKind.NotAMapping;
        int end;
        if (content[0] is (byte)'"' or (byte)'\'')
        {
            if (!TryReadQuoted(content, room, out key, out end, out problem)) return false;
            end += CountSpaces(content.Slice(end));
            problem = RemarkKind.NotAMapping;
            if (!IsIndicator(content.Slice(end), (byte)':')) return false;
        }
        else
        {
            if (HasOtherMeaning(content, out problem)) return false;
            problem = RemarkKind.NotAMapping;
            if (IsIndicator(content, (byte)'-') || IsIndicator(content, (byte)'?')) return false;
            end = FindColon(content);
            if (end <= 0) return false;
            key = TrimEnd(content.Slice(0, end));
            problem = RemarkKind.BadCharacter;
            if (!Utf8Text.IsPrintable(key)) return false;
        }
        value = WithoutSpaces(content.Slice(end + 1));
        problem = RemarkKind.Tab;
        return value.Length == 0 || value[0] != '\t';
    }

    /// <summary>Reads a scalar that ends in its line.</summary>
    /// <param name="text">At least a byte: from the value on.</param>
    /// <param name="room">For a value that is written differently from what it means.</param>
    /// <param name="isNull">null or ~, which is as if nobody had said anything.</param>
    /// <param name="problem">What is wrong, if anything is.</param>
    public static bool TryReadScalar(
        ReadOnlySpan<byte> text, Span<byte> room, out ReadOnlySpan<byte> value, out bool isNull, out RemarkKind problem)
    {
        isNull = false;
        if (text[0] is (byte)'"' or (byte)'\'')
        {
            if (!TryReadQuoted(text, room, out value, out int length, out problem)) return false;
            problem = RemarkKind.Trailing;
            text = text.Slice(length);
            return text.Length == 0 || (IsSpace(text[0]) && IsBlank(text));
        }
        value = WithoutComment(text);
        if (HasOtherMeaning(text, out problem)) return false;
        problem = RemarkKind.Tab;
        if (value.IndexOf((byte)'\t') >= 0) return false;
        problem = RemarkKind.NeedsQuotes;
        if (FindColon(value) >= 0) return false;
        if (IsIndicator(value, (byte)'-') || IsIndicator(value, (byte)'?')) return false;
        problem = RemarkKind.BadCharacter;
        if (!Utf8Text.IsPrintable(value)) return false;
        isNull = value.SequenceEqual("null"u8) || value.SequenceEqual("~"u8);
        return true;
    }

    private static bool TryReadQuoted(
        ReadOnlySpan<byte> text, Span<byte> room, out ReadOnlySpan<byte> value, out int length, out RemarkKind problem)
    {
        QuoteOutcome outcome = QuotedText.Read(text, room, out value, out length);
        problem = outcome switch
        {
            QuoteOutcome.Open => RemarkKind.OpenQuote,
            QuoteOutcome.BadEscape => RemarkKind.BadEscape,
            _ => RemarkKind.BadCharacter,
        };
        // Too long for any key or value that there is: as it looks, it means nothing either.
        return outcome is QuoteOutcome.Done or QuoteOutcome.TooLong;
    }

    /// <summary>What begins so is something else in YAML (1.2.2 §7.3.3).</summary>
    private static bool HasOtherMeaning(ReadOnlySpan<byte> text, out RemarkKind problem)
    {
        switch (text[0])
        {
            case (byte)'&' or (byte)'*' or (byte)'!':
                problem = RemarkKind.AnchorOrTag;
                return true;
            case (byte)'|' or (byte)'>':
                problem = RemarkKind.MultiLine;
                return true;
            case (byte)'{' or (byte)'}' or (byte)'[' or (byte)']':
                problem = RemarkKind.Flow;
                return true;
            case (byte)'%' or (byte)'@' or (byte)'`' or (byte)',':
                problem = RemarkKind.NeedsQuotes;
                return true;
            case (byte)'\t':
                problem = RemarkKind.Tab;
                return true;
            default:
                problem = RemarkKind.NotAMapping;
                return false;
        }
    }

    /// <summary>Where the first colon is that ends a key; -1 if there is none before a comment.</summary>
    private static int FindColon(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ':' && IsIndicator(text.Slice(i), (byte)':')) return i;
            if (text[i] == '#' && i > 0 && IsSpace(text[i - 1])) return -1;
        }
        return -1;
    }

    /// <summary>Whether a character stands there as a sign of YAML's: with a space behind it, or nothing.</summary>
    private static bool IsIndicator(ReadOnlySpan<byte> text, byte indicator) =>
        text.Length > 0 && text[0] == indicator && (text.Length == 1 || IsSpace(text[1]));

    /// <summary>Without spaces before it; nothing if only a comment is left.</summary>
    private static ReadOnlySpan<byte> WithoutSpaces(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> rest = text.Slice(CountSpaces(text));
        return IsBlank(rest) ? default : rest;
    }

    private static ReadOnlySpan<byte> WithoutComment(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '#' && IsSpace(text[i - 1])) return TrimEnd(text.Slice(0, i));
        }
        return text;
    }

    private static bool IsSpace(byte octet) => octet is (byte)' ' or (byte)'\t';
}
