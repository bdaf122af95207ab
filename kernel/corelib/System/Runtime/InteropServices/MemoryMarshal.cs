using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime.InteropServices;

public static class MemoryMarshal
{
    public static ref T GetReference<T>(Span<T> span) => ref span.Reference;

    public static ref T GetReference<T>(ReadOnlySpan<T> span) => ref span.Reference;

    [Intrinsic]
    [NonVersionable]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T GetArrayDataReference<T>(T[] array) =>
        ref Unsafe.As<byte, T>(ref Unsafe.As<RawArrayData>(array).Data);

    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    public static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> span)
        where TFrom : struct
        where TTo : struct =>
        new(ref Unsafe.As<TFrom, TTo>(ref span.Reference), CastLength<TFrom, TTo>(span.Length));

    public static ReadOnlySpan<TTo> Cast<TFrom, TTo>(ReadOnlySpan<TFrom> span)
        where TFrom : struct
        where TTo : struct =>
        new(ref Unsafe.As<TFrom, TTo>(ref span.Reference), CastLength<TFrom, TTo>(span.Length));

    public static Span<byte> AsBytes<T>(Span<T> span) where T : struct => Cast<T, byte>(span);

    public static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> span) where T : struct => Cast<T, byte>(span);

    public static ref T AsRef<T>(Span<byte> span) where T : struct
    {
        if (span.Length < Unsafe.SizeOf<T>()) ThrowHelpers.ThrowArgumentOutOfRangeException();
        return ref Unsafe.As<byte, T>(ref span.Reference);
    }

    public static T Read<T>(ReadOnlySpan<byte> source) where T : struct
    {
        if (source.Length < Unsafe.SizeOf<T>()) ThrowHelpers.ThrowArgumentOutOfRangeException();
        return Unsafe.ReadUnaligned<T>(ref source.Reference);
    }

    public static void Write<T>(Span<byte> destination, in T value) where T : struct
    {
        if (destination.Length < Unsafe.SizeOf<T>()) ThrowHelpers.ThrowArgumentOutOfRangeException();
        Unsafe.WriteUnaligned(ref destination.Reference, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CastLength<TFrom, TTo>(int length)
    {
        ulong count = (ulong)(uint)length * (uint)Unsafe.SizeOf<TFrom>() / (uint)Unsafe.SizeOf<TTo>();
        if (count > int.MaxValue) ThrowHelpers.ThrowOverflowException();
        return (int)count;
    }
}
