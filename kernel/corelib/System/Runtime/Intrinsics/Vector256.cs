using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics;

/// <summary>Operations on 256-bit vectors; the compiler replaces each by instructions.</summary>
public static class Vector256
{
    public static bool IsHardwareAccelerated
    {
        [Intrinsic]
        get => IsHardwareAccelerated;
    }

    [Intrinsic]
    public static Vector256<byte> Create(byte value) => Create(value);

    [Intrinsic]
    public static Vector256<ushort> Create(ushort value) => Create(value);

    [Intrinsic]
    public static Vector256<uint> Create(uint value) => Create(value);

    [Intrinsic]
    public static Vector256<ulong> Create(ulong value) => Create(value);

    [Intrinsic]
    public static Vector256<T> LoadUnsafe<T>(ref readonly T source) => LoadUnsafe(in source);

    [Intrinsic]
    public static Vector256<T> LoadUnsafe<T>(ref readonly T source, nuint elementOffset) => LoadUnsafe(in source, elementOffset);

    [Intrinsic]
    public static void StoreUnsafe<T>(this Vector256<T> source, ref T destination) => StoreUnsafe(source, ref destination);

    [Intrinsic]
    public static void StoreUnsafe<T>(this Vector256<T> source, ref T destination, nuint elementOffset) =>
        StoreUnsafe(source, ref destination, elementOffset);

    [Intrinsic]
    public static Vector256<T> Equals<T>(Vector256<T> left, Vector256<T> right) => Equals(left, right);

    public static Vector256<ulong> ShiftRightLogical(Vector256<ulong> vector, int shiftCount) => vector >>> shiftCount;

    [Intrinsic]
    public static T Sum<T>(Vector256<T> vector) => Sum(vector);

    [Intrinsic]
    public static uint ExtractMostSignificantBits<T>(this Vector256<T> vector) => ExtractMostSignificantBits(vector);

    [Intrinsic]
    public static Vector256<TTo> As<TFrom, TTo>(this Vector256<TFrom> vector) => As<TFrom, TTo>(vector);
}
