using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>For spans of bytes, which is what everything here is made of.</summary>
public static class MemoryExtensions
{
    public static Span<T> AsSpan<T>(this T[]? array) => new(array);

    public static Span<T> AsSpan<T>(this T[]? array, int start) =>
        array is null ? default : new Span<T>(array, start, array.Length - start);

    public static Span<T> AsSpan<T>(this T[]? array, int start, int length) => new(array, start, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : struct, IEquatable<T> =>
        span.Length == other.Length
        && SpanHelpers.SequenceEqual(
            ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(span)),
            ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(other)),
            (nuint)(uint)span.Length * (nuint)Unsafe.SizeOf<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other) where T : struct, IEquatable<T> =>
        SequenceEqual((ReadOnlySpan<T>)span, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool StartsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : struct, IEquatable<T> =>
        value.Length <= span.Length && SequenceEqual(span.Slice(0, value.Length), value);

    public static bool StartsWith<T>(this Span<T> span, ReadOnlySpan<T> value) where T : struct, IEquatable<T> =>
        StartsWith((ReadOnlySpan<T>)span, value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : struct, IEquatable<T> =>
        value.Length <= span.Length && SequenceEqual(span.Slice(span.Length - value.Length), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf<T>(this ReadOnlySpan<T> span, T value) where T : struct, IEquatable<T>
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            return SpanHelpers.IndexOf(
                ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(span)), Unsafe.As<T, byte>(ref value), span.Length);
        }
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i].Equals(value)) return i;
        }
        return -1;
    }

    public static int IndexOf<T>(this Span<T> span, T value) where T : struct, IEquatable<T> =>
        IndexOf((ReadOnlySpan<T>)span, value);

    public static int IndexOf<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value) where T : struct, IEquatable<T>
    {
        if (value.Length == 0) return 0;
        int offset = 0;
        while (span.Length - offset >= value.Length)
        {
            int found = IndexOf(span.Slice(offset, span.Length - offset - value.Length + 1), value[0]);
            if (found < 0) return -1;
            offset += found;
            if (SequenceEqual(span.Slice(offset, value.Length), value)) return offset;
            offset++;
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1) where T : struct, IEquatable<T>
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            return SpanHelpers.IndexOfAny(
                ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(span)),
                Unsafe.As<T, byte>(ref value0),
                Unsafe.As<T, byte>(ref value1),
                span.Length);
        }
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i].Equals(value0) || span[i].Equals(value1)) return i;
        }
        return -1;
    }

    public static int LastIndexOf<T>(this ReadOnlySpan<T> span, T value) where T : struct, IEquatable<T>
    {
        for (int i = span.Length - 1; i >= 0; i--)
        {
            if (span[i].Equals(value)) return i;
        }
        return -1;
    }

    public static bool Contains<T>(this ReadOnlySpan<T> span, T value) where T : struct, IEquatable<T> =>
        IndexOf(span, value) >= 0;

    public static void CopyTo<T>(this T[]? source, Span<T> destination) => new ReadOnlySpan<T>(source).CopyTo(destination);
}
