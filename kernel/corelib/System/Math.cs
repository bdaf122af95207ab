using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Internal.Runtime.CompilerHelpers;

namespace System;

public static class Math
{
    [NonVersionable]
    public static byte Min(byte val1, byte val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static byte Max(byte val1, byte val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static ushort Min(ushort val1, ushort val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static ushort Max(ushort val1, ushort val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static int Min(int val1, int val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static int Max(int val1, int val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static uint Min(uint val1, uint val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static uint Max(uint val1, uint val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static long Min(long val1, long val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static long Max(long val1, long val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static ulong Min(ulong val1, ulong val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static ulong Max(ulong val1, ulong val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static nint Min(nint val1, nint val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static nint Max(nint val1, nint val2) => val1 >= val2 ? val1 : val2;

    [NonVersionable]
    public static nuint Min(nuint val1, nuint val2) => val1 <= val2 ? val1 : val2;

    [NonVersionable]
    public static nuint Max(nuint val1, nuint val2) => val1 >= val2 ? val1 : val2;

    public static byte Clamp(byte value, byte min, byte max)
    {
        if (min > max) ThrowHelpers.ThrowArgumentException();
        return Min(Max(value, min), max);
    }

    public static ushort Clamp(ushort value, ushort min, ushort max)
    {
        if (min > max) ThrowHelpers.ThrowArgumentException();
        return Min(Max(value, min), max);
    }

    public static int Clamp(int value, int min, int max)
    {
        if (min > max) ThrowHelpers.ThrowArgumentException();
        return Min(Max(value, min), max);
    }

    public static uint Clamp(uint value, uint min, uint max)
    {
        if (min > max) ThrowHelpers.ThrowArgumentException();
        return Min(Max(value, min), max);
    }

    public static long Clamp(long value, long min, long max)
    {
        if (min > max) ThrowHelpers.ThrowArgumentException();
        return Min(Max(value, min), max);
    }

    public static ulong Clamp(ulong value, ulong min, ulong max)
    {
        if (min > max) ThrowHelpers.ThrowArgumentException();
        return Min(Max(value, min), max);
    }

    public static int Abs(int value)
    {
        if (value == int.MinValue) ThrowHelpers.ThrowOverflowException();
        return value < 0 ? -value : value;
    }

    public static long Abs(long value)
    {
        if (value == long.MinValue) ThrowHelpers.ThrowOverflowException();
        return value < 0 ? -value : value;
    }

    /// <summary>The upper 64 bits of the 128-bit product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BigMul(ulong a, ulong b, out ulong low)
    {
        // One instruction gives both halves, but the lower one in memory; multiplying twice keeps it in a register.
        low = a * b;
        return Bmi2.X64.MultiplyNoFlags(a, b);
    }
}
