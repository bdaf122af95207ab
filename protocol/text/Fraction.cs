using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// Decimal numbers with a point, in thousandths: what memcached reads as floating-point numbers for its settings.
/// </summary>
public static class Fraction
{
    private const int FractionDigits = 3;
    private const long WholeMax = 1_000_000_000;

    /// <summary>
    /// Digits, a point and digits, after a sign perhaps; there is at least one digit. What is smaller than a thousandth
    /// is cut off, but not to nothing. Fails above a thousand million.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long thousandths)
    {
        thousandths = 0;
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+') text = text.Slice(1);
        int digits = 0;
        int behindPoint = -1;
        bool hasMore = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '.' && behindPoint < 0)
            {
                behindPoint = 0;
                continue;
            }
            int digit = text[i] - '0';
            if ((uint)digit > 9) return false;
            digits++;
            if (behindPoint >= FractionDigits)
            {
                hasMore |= digit != 0;
                continue;
            }
            thousandths = (thousandths * 10) + digit;
            if (behindPoint >= 0) behindPoint++;
            if (thousandths > WholeMax * 1000) return false;
        }
        for (int i = Math.Max(behindPoint, 0); i < FractionDigits; i++) thousandths *= 10;
        if (thousandths > WholeMax * 1000) return false;
        if (thousandths == 0 && hasMore) thousandths = 1;
        if (isNegative) thousandths = -thousandths;
        return digits > 0;
    }
}
