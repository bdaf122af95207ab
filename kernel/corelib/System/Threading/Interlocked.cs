using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Locked instructions. A method that calls itself is replaced by the compiler.</summary>
public static class Interlocked
{
    [Intrinsic]
    public static int CompareExchange(ref int location1, int value, int comparand) =>
        CompareExchange(ref location1, value, comparand);

    [Intrinsic]
    public static int Exchange(ref int location1, int value) => Exchange(ref location1, value);

    public static int Add(ref int location1, int value) => ExchangeAdd(ref location1, value) + value;

    public static int Increment(ref int location) => Add(ref location, 1);

    public static int Decrement(ref int location) => Add(ref location, -1);

    [Intrinsic]
    internal static int ExchangeAdd(ref int location1, int value) => ExchangeAdd(ref location1, value);

    [Intrinsic]
    public static uint CompareExchange(ref uint location1, uint value, uint comparand) =>
        CompareExchange(ref location1, value, comparand);

    [Intrinsic]
    public static uint Exchange(ref uint location1, uint value) => Exchange(ref location1, value);

    public static uint Add(ref uint location1, uint value) => ExchangeAdd(ref location1, value) + value;

    public static uint Increment(ref uint location) => Add(ref location, 1);

    public static uint Decrement(ref uint location) => Add(ref location, uint.MaxValue);

    [Intrinsic]
    internal static uint ExchangeAdd(ref uint location1, uint value) => ExchangeAdd(ref location1, value);

    [Intrinsic]
    public static long CompareExchange(ref long location1, long value, long comparand) =>
        CompareExchange(ref location1, value, comparand);

    [Intrinsic]
    public static long Exchange(ref long location1, long value) => Exchange(ref location1, value);

    public static long Add(ref long location1, long value) => ExchangeAdd(ref location1, value) + value;

    public static long Increment(ref long location) => Add(ref location, 1);

    public static long Decrement(ref long location) => Add(ref location, -1);

    [Intrinsic]
    internal static long ExchangeAdd(ref long location1, long value) => ExchangeAdd(ref location1, value);

    [Intrinsic]
    public static ulong CompareExchange(ref ulong location1, ulong value, ulong comparand) =>
        CompareExchange(ref location1, value, comparand);

    [Intrinsic]
    public static ulong Exchange(ref ulong location1, ulong value) => Exchange(ref location1, value);

    public static ulong Add(ref ulong location1, ulong value) => ExchangeAdd(ref location1, value) + value;

    public static ulong Increment(ref ulong location) => Add(ref location, 1);

    public static ulong Decrement(ref ulong location) => Add(ref location, ulong.MaxValue);

    [Intrinsic]
    internal static ulong ExchangeAdd(ref ulong location1, ulong value) => ExchangeAdd(ref location1, value);

    /// <summary>Orders everything before it against everything after it, stores against loads included.</summary>
    [Intrinsic]
    public static void MemoryBarrier() => MemoryBarrier();
}
