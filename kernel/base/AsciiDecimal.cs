using System;

namespace Memcachier.Kernel.Base;

/// <summary>Unsigned decimal numbers as ASCII digits: the only number format of the text protocols.</summary>
public static class AsciiDecimal
{
    /// <summary>Length in bytes of the longest 64-bit number, 18446744073709551615.</summary>
    public const int MaxLength = 20;

    /// <summary>
    /// Reads a number made of one or more digits that fill <paramref name="text"/>. Fails on anything else, and on a
    /// number above 2^64 - 1.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length == 0) return false;
        for (int i = 0; i < text.Length; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit > 9) return false;
            if (value > ulong.MaxValue / 10) return false;
            ulong tens = value * 10;
            if (tens > ulong.MaxValue - digit) return false;
            value = tens + digit;
        }
        return true;
    }

    /// <summary>Writes <paramref name="value"/> without leading zeros; returns the number of bytes, 1 to 20.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes, or as many as the number has digits.</param>
    public static int Format(ulong value, Span<byte> destination)
    {
        int length = CountDigits(value);
        for (int i = length - 1; i >= 0; i--)
        {
            destination[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
        return length;
    }

    /// <summary>How many digits <paramref name="value"/> has, 1 to 20.</summary>
    public static int CountDigits(ulong value)
    {
        int digits = 1;
        while (value >= 10)
        {
            value /= 10;
            digits++;
        }
        return digits;
    }
}
