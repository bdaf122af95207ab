using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace System.Numerics;

/// <summary>Single instructions on the processors the image runs on (x86-64-v3).</summary>
public static class BitOperations
{
    [Intrinsic]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [Intrinsic]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [Intrinsic]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [Intrinsic]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));

    public static int LeadingZeroCount(uint value) => (int)Lzcnt.LeadingZeroCount(value);

    public static int LeadingZeroCount(ulong value) => (int)Lzcnt.X64.LeadingZeroCount(value);

    public static int TrailingZeroCount(int value) => (int)Bmi1.TrailingZeroCount((uint)value);

    public static int TrailingZeroCount(uint value) => (int)Bmi1.TrailingZeroCount(value);

    public static int TrailingZeroCount(long value) => (int)Bmi1.X64.TrailingZeroCount((ulong)value);

    public static int TrailingZeroCount(ulong value) => (int)Bmi1.X64.TrailingZeroCount(value);

    public static int PopCount(uint value) => (int)Popcnt.PopCount(value);

    public static int PopCount(ulong value) => (int)Popcnt.X64.PopCount(value);

    public static int Log2(uint value) => 31 ^ LeadingZeroCount(value | 1);

    public static int Log2(ulong value) => 63 ^ LeadingZeroCount(value | 1);

    public static bool IsPow2(int value) => value > 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(uint value) => value != 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(long value) => value > 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(ulong value) => value != 0 && (value & (value - 1)) == 0;

    /// <summary>The smallest power of two not below <paramref name="value"/>; 0 for 0 and on overflow.</summary>
    public static uint RoundUpToPowerOf2(uint value) => (uint)(0x1_0000_0000UL >> LeadingZeroCount(value - 1));

    /// <inheritdoc cref="RoundUpToPowerOf2(uint)"/>
    public static ulong RoundUpToPowerOf2(ulong value)
    {
        int shift = 64 - LeadingZeroCount(value - 1);
        return (1UL ^ (ulong)(shift >> 6)) << shift;
    }

    /// <summary>Adds 8 bytes to a CRC-32C.</summary>
    public static uint Crc32C(uint crc, ulong data) => (uint)Sse42.X64.Crc32(crc, data);
}
