using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics;

/// <summary>128 bits in one register. The compiler knows the type and replaces the operators.</summary>
[Intrinsic]
public readonly struct Vector128<T>
{
    private readonly ulong _00;
    private readonly ulong _01;

    public static Vector128<T> Zero
    {
        [Intrinsic]
        get => default;
    }

    [Intrinsic]
    public static bool operator ==(Vector128<T> left, Vector128<T> right) => left == right;

    [Intrinsic]
    public static bool operator !=(Vector128<T> left, Vector128<T> right) => left != right;

    [Intrinsic]
    public static Vector128<T> operator &(Vector128<T> left, Vector128<T> right) => left & right;

    [Intrinsic]
    public static Vector128<T> operator |(Vector128<T> left, Vector128<T> right) => left | right;

    [Intrinsic]
    public static Vector128<T> operator ^(Vector128<T> left, Vector128<T> right) => left ^ right;

    [Intrinsic]
    public static Vector128<T> operator +(Vector128<T> left, Vector128<T> right) => left + right;
}
