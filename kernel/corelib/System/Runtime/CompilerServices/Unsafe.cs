namespace System.Runtime.CompilerServices;

/// <summary>
/// Every method here is replaced by the compiler; the bodies that call themselves mark those C# has no words for.
/// </summary>
public static unsafe class Unsafe
{
    [Intrinsic]
    [NonVersionable]
    public static int SizeOf<T>() => sizeof(T);

    [Intrinsic]
    [NonVersionable]
    public static void* AsPointer<T>(ref readonly T value) => AsPointer(in value);

    [Intrinsic]
    [NonVersionable]
    public static ref T AsRef<T>(void* source) => ref *(T*)source;

    [Intrinsic]
    [NonVersionable]
    public static ref T AsRef<T>(scoped ref readonly T source) => ref AsRef(in source);

    [Intrinsic]
    [NonVersionable]
    public static T As<T>(object? o) where T : class? => As<T>(o);

    [Intrinsic]
    [NonVersionable]
    public static ref TTo As<TFrom, TTo>(ref TFrom source) => ref As<TFrom, TTo>(ref source);

    [Intrinsic]
    [NonVersionable]
    public static ref T Add<T>(ref T source, int elementOffset) =>
        ref AddByteOffset(ref source, (nint)elementOffset * sizeof(T));

    [Intrinsic]
    [NonVersionable]
    public static ref T Add<T>(ref T source, nint elementOffset) =>
        ref AddByteOffset(ref source, elementOffset * sizeof(T));

    [Intrinsic]
    [NonVersionable]
    public static ref T Add<T>(ref T source, nuint elementOffset) =>
        ref AddByteOffset(ref source, elementOffset * (nuint)sizeof(T));

    [Intrinsic]
    [NonVersionable]
    public static ref T AddByteOffset<T>(ref T source, nint byteOffset) => ref AddByteOffset(ref source, byteOffset);

    [Intrinsic]
    [NonVersionable]
    public static ref T AddByteOffset<T>(ref T source, nuint byteOffset) => ref AddByteOffset(ref source, byteOffset);

    [Intrinsic]
    [NonVersionable]
    public static nint ByteOffset<T>(ref readonly T origin, ref readonly T target) => ByteOffset(in origin, in target);

    [Intrinsic]
    [NonVersionable]
    public static bool AreSame<T>(ref readonly T left, ref readonly T right) => AreSame(in left, in right);

    [Intrinsic]
    [NonVersionable]
    public static bool IsNullRef<T>(ref readonly T source) => AsPointer(in source) == null;

    [Intrinsic]
    [NonVersionable]
    public static ref T NullRef<T>() => ref AsRef<T>(null);

    [Intrinsic]
    [NonVersionable]
    public static T ReadUnaligned<T>(void* source) => *(T*)source;

    [Intrinsic]
    [NonVersionable]
    public static T ReadUnaligned<T>(ref readonly byte source) => As<byte, T>(ref AsRef(in source));

    [Intrinsic]
    [NonVersionable]
    public static void WriteUnaligned<T>(void* destination, T value) => *(T*)destination = value;

    [Intrinsic]
    [NonVersionable]
    public static void WriteUnaligned<T>(ref byte destination, T value) => As<byte, T>(ref destination) = value;

    [Intrinsic]
    [NonVersionable]
    public static void SkipInit<T>(out T value) => SkipInit(out value);

    [Intrinsic]
    [NonVersionable]
    public static TTo BitCast<TFrom, TTo>(TFrom source) => *(TTo*)&source;
}
