using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics;

/// <summary>Operations on 128-bit vectors; the compiler replaces each by instructions.</summary>
public static class Vector128
{
    public static bool IsHardwareAccelerated
    {
        [Intrinsic]
        get => IsHardwareAccelerated;
    }

    [Intrinsic]
    public static Vector128<byte> Create(byte value) => Create(value);

    [Intrinsic]
    public static Vector128<ushort> Create(ushort value) => Create(value);

    [Intrinsic]
    public static Vector128<uint> Create(uint value) => Create(value);

    [Intrinsic]
    public static Vector128<ulong> Create(ulong value) => Create(value);

    [Intrinsic]
    public static Vector128<T> LoadUnsafe<T>(ref readonly T source) => LoadUnsafe(in source);

    [Intrinsic]
    public static Vector128<T> LoadUnsafe<T>(ref readonly T source, nuint elementOffset) => LoadUnsafe(in source, elementOffset);

    [Intrinsic]
    public static void StoreUnsafe<T>(this Vector128<T> source, ref T destination) => StoreUnsafe(source, ref destination);

    [Intrinsic]
    public static void StoreUnsafe<T>(this Vector128<T> source, ref T destination, nuint elementOffset) =>
        StoreUnsafe(source, ref destination, elementOffset);

    [Intrinsic]
    public static Vector128<T> Equals<T>(Vector128<T> left, Vector128<T> right) => Equals(left, right);

    [Intrinsic]
    public static uint ExtractMostSignificantBits<T>(this Vector128<T> vector) => ExtractMostSignificantBits(vector);

    [Intrinsic]
    public static Vector128<TTo> As<TFrom, TTo>(this Vector128<TFrom> vector) => As<TFrom, TTo>(vector);
}
