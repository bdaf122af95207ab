using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Base;

/// <summary>Unsigned decimal numbers as ASCII digits: the only number format of the text protocols.</summary>
public static class AsciiDecimal
{
    /// <summary>Length in bytes of the longest 64-bit number, 18446744073709551615.</summary>
    public const int MaxLength = 20;

    /// <summary>The highest number that fits into a word of eight digits.</summary>
    public const uint PackedMax = 99_999_999;

    private const uint FourZeros = 0x3030_3030;
    private const ulong Zeros = 0x3030_3030_3030_3030;

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

    /// <summary>
    /// Hot: once or twice per key found. The digits of a number up to <see cref="PackedMax"/> as one word, to be stored at
    /// once: the first in its lowest byte, zeros behind the last. Only for the image: it takes instructions (BMI1, LZCNT) that
    /// a loader, which runs on any 64-bit processor to say so, cannot count on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(uint value)
    {
        if (value < 10) return '0' + value;
        if (value >= 10_000) return PackLong(value);
        uint digits = FourDigits(value);
        return (digits | FourZeros) >> LeadingZeroBits(digits);
    }

    /// <summary>How many digits are in a word of <see cref="Pack"/>, 1 to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PackedLength(ulong digits) => sizeof(ulong) - (BitOperations.LeadingZeroCount(digits) >> 3);

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong PackLong(uint value)
    {
        ulong digits = EightDigits(value);
        return (digits | Zeros) >> LeadingZeroBits(digits);
    }

    // Of whole digits, the first of which is in the lowest byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LeadingZeroBits(ulong digits) => BitOperations.TrailingZeroCount(digits) & ~7;

    private static ulong EightDigits(uint value)
    {
        uint high = value / 10_000;
        return FourDigits(high) | ((ulong)FourDigits(value - (high * 10_000)) << 32);
    }

    /// <summary>Four digits, 0 to 9 each, the first in the lowest byte: halves the number, and both halves at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FourDigits(uint value)
    {
        // x * 5243 >> 19 is x / 100 up to 9,999, and x * 103 >> 10 is x / 10 up to 99.
        uint hundreds = (value * 5243) >> 19;
        uint twos = hundreds | ((value - (hundreds * 100)) << 16);
        uint tens = ((twos * 103) >> 10) & 0x000F_000F;
        return tens | ((twos - (tens * 10)) << 8);
    }
}
