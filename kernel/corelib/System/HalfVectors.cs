using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace System;

/// <summary>
/// What <see cref="SpanHelpers"/> does with ranges of at least 32 bytes where vectors have 16: a processor of which nothing
/// is known but that it is an x86-64 one.
/// </summary>
internal static class HalfVectors
{
    private const nuint Vector = 16;

    /// <summary>Copies <paramref name="len"/> bytes; the two ranges may overlap.</summary>
    public static void Memmove(ref byte dest, ref byte src, nuint len)
    {
        nuint last = len - Vector;
        // SAFETY of the order: as in SpanHelpers.MemmoveVectors.
        Vector128<byte> head = Vector128.LoadUnsafe(ref src);
        Vector128<byte> tail = Vector128.LoadUnsafe(ref src, last);
        if ((nuint)Unsafe.ByteOffset(ref src, ref dest) >= len)
        {
            for (nuint i = Vector; i < last; i += Vector) Vector128.LoadUnsafe(ref src, i).StoreUnsafe(ref dest, i);
        }
        else
        {
            for (nuint i = last; i > Vector; i -= Vector)
            {
                Vector128.LoadUnsafe(ref src, i - Vector).StoreUnsafe(ref dest, i - Vector);
            }
        }
        head.StoreUnsafe(ref dest);
        tail.StoreUnsafe(ref dest, last);
    }

    /// <summary>Sets <paramref name="numElements"/> bytes to <paramref name="value"/>.</summary>
    public static void Fill(ref byte refData, byte value, nuint numElements)
    {
        Vector128<byte> pattern = Vector128.Create(value);
        nuint last = numElements - Vector;
        for (nuint i = 0; i < last; i += Vector) pattern.StoreUnsafe(ref refData, i);
        pattern.StoreUnsafe(ref refData, last);
    }

    /// <summary>Whether two ranges of <paramref name="length"/> bytes are equal.</summary>
    public static bool SequenceEqual(ref byte first, ref byte second, nuint length)
    {
        nuint last = length - Vector;
        for (nuint i = 0; i < last; i += Vector)
        {
            if (Vector128.LoadUnsafe(ref first, i) != Vector128.LoadUnsafe(ref second, i)) return false;
        }
        return Vector128.LoadUnsafe(ref first, last) == Vector128.LoadUnsafe(ref second, last);
    }
}
