using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>Numbers of the command line, as strict and as lax as memcached reads them.</summary>
internal static class Number
{
    private const int Length32Max = 11;
    private const int Length64Max = 22;

    /// <summary>Digits only, leading zeros within 22 characters.</summary>
    public static bool TryParse64(ReadOnlySpan<byte> token, out ulong value)
    {
        value = 0;
        return token.Length <= Length64Max && AsciiDecimal.TryParse(token, out value);
    }

    /// <summary>Digits only, leading zeros within 11 characters.</summary>
    public static bool TryParse32(ReadOnlySpan<byte> token, out uint value)
    {
        value = 0;
        if (token.Length > Length32Max) return false;
        if (!AsciiDecimal.TryParse(token, out ulong wide) || wide > uint.MaxValue) return false;
        value = (uint)wide;
        return true;
    }

    /// <summary>Digits after an optional minus sign, 11 characters at most. A minus sign alone is 0.</summary>
    public static bool TryParseSigned32(ReadOnlySpan<byte> token, out int value)
    {
        value = 0;
        if (token.Length is 0 or > Length32Max) return false;
        bool isNegative = token[0] == '-';
        if (isNegative && token.Length == 1) return true;
        if (!AsciiDecimal.TryParse(isNegative ? token.Slice(1) : token, out ulong magnitude)) return false;
        if (magnitude > (isNegative ? 1UL << 31 : int.MaxValue)) return false;
        value = (int)(isNegative ? -(long)magnitude : (long)magnitude);
        return true;
    }
}
