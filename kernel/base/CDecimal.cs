using System;

namespace Memcachier.Kernel.Base;

/// <summary>
/// Decimal numbers as C's strtoull and strtoll read them: white space may precede, a sign is allowed, and what follows
/// the digits must be white space, a NUL, or the end of the text. Peers may depend on each of these liberties.
/// </summary>
public static class CDecimal
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>
    /// Fails without digits, above 2^64 - 1, and on numbers from -1 down to -2^63. Below that the negation is positive
    /// again as a signed number, which strtoull's usual callers do not notice; neither does this.
    /// </summary>
    public static bool TryParseUnsigned(ReadOnlySpan<byte> text, out ulong value)
    {
        if (!TryParse(text, out value, out bool isNegative)) return false;
        if (!isNegative) return true;
        value = unchecked(0 - value);
        return value < SignBit;
    }

    /// <summary>Fails without digits and outside of 64 bits.</summary>
    public static bool TryParseSigned(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (!TryParse(text, out ulong magnitude, out bool isNegative)) return false;
        if (magnitude > (isNegative ? SignBit : SignBit - 1)) return false;
        value = unchecked((long)(isNegative ? 0 - magnitude : magnitude));
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out ulong magnitude, out bool isNegative)
    {
        magnitude = 0;
        isNegative = false;
        int position = 0;
        while (position < text.Length && IsWhiteSpace(text[position])) position++;
        if (position < text.Length && text[position] is (byte)'-' or (byte)'+')
        {
            isNegative = text[position] == '-';
            position++;
        }

        int first = position;
        while (position < text.Length && IsDigit(text[position])) position++;
        if (position < text.Length && text[position] != 0 && !IsWhiteSpace(text[position])) return false;
        return AsciiDecimal.TryParse(text.Slice(first, position - first), out magnitude);
    }

    private static bool IsDigit(byte octet) => (uint)octet - '0' <= 9;

    /// <summary>C's isspace: space, and \t \n \v \f \r.</summary>
    private static bool IsWhiteSpace(byte octet) => octet == ' ' || (uint)octet - '\t' <= '\r' - '\t';
}
