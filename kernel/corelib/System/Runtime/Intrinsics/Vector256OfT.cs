using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics;

/// <summary>256 bits in one register. The compiler knows the type and replaces the operators.</summary>
[Intrinsic]
public readonly struct Vector256<T>
{
    private readonly ulong _00;
    private readonly ulong _01;
    private readonly ulong _02;
    private readonly ulong _03;

    public static int Count
    {
        [Intrinsic]
        get => Count;
    }

    public static Vector256<T> Zero
    {
        [Intrinsic]
        get => default;
    }

    [Intrinsic]
    public static bool operator ==(Vector256<T> left, Vector256<T> right) => left == right;

    [Intrinsic]
    public static bool operator !=(Vector256<T> left, Vector256<T> right) => left != right;

    [Intrinsic]
    public static Vector256<T> operator &(Vector256<T> left, Vector256<T> right) => left & right;

    [Intrinsic]
    public static Vector256<T> operator |(Vector256<T> left, Vector256<T> right) => left | right;

    [Intrinsic]
    public static Vector256<T> operator ^(Vector256<T> left, Vector256<T> right) => left ^ right;

    [Intrinsic]
    public static Vector256<T> operator +(Vector256<T> left, Vector256<T> right) => left + right;

    [Intrinsic]
    public static Vector256<T> operator >>>(Vector256<T> value, int shiftCount) => value >>> shiftCount;
}
