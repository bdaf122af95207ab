using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace System;

/// <summary>
/// Copying, filling and comparing bytes. The compiler calls the first three by name for struct copies and clears.
/// </summary>
/// <remarks>
/// Every size class loads before it stores, and the ends are covered by loads that overlap, so there is no loop over
/// single bytes; `rep movs` is not used because software-emulated processors run it a byte at a time. Loaders are compiled
/// for any x86-64 processor: there IsHardwareAccelerated is a constant false, and here a constant true.
/// </remarks>
internal static class SpanHelpers
{
    private const nuint Vector = 32;

    /// <summary>Copies <paramref name="len"/> bytes; the two ranges may overlap.</summary>
    [Intrinsic]
    public static void Memmove(ref byte dest, ref byte src, nuint len)
    {
        if (len > Vector)
        {
            if (!Vector256.IsHardwareAccelerated) HalfVectors.Memmove(ref dest, ref src, len);
            else if (len <= 2 * Vector) MemmoveTwo(ref dest, ref src, len);
            else if (len <= 4 * Vector) MemmoveFour(ref dest, ref src, len);
            else MemmoveVectors(ref dest, ref src, len);
        }
        else if (len >= 16)
        {
            Vector128<byte> head = Vector128.LoadUnsafe(ref src);
            Vector128<byte> tail = Vector128.LoadUnsafe(ref src, len - 16);
            head.StoreUnsafe(ref dest);
            tail.StoreUnsafe(ref dest, len - 16);
        }
        else if (len >= 8)
        {
            ulong head = Load<ulong>(ref src, 0);
            ulong tail = Load<ulong>(ref src, len - 8);
            Store(ref dest, 0, head);
            Store(ref dest, len - 8, tail);
        }
        else if (len >= 4)
        {
            uint head = Load<uint>(ref src, 0);
            uint tail = Load<uint>(ref src, len - 4);
            Store(ref dest, 0, head);
            Store(ref dest, len - 4, tail);
        }
        else if (len > 0)
        {
            byte first = src;
            byte middle = Unsafe.AddByteOffset(ref src, len >> 1);
            byte last = Unsafe.AddByteOffset(ref src, len - 1);
            dest = first;
            Unsafe.AddByteOffset(ref dest, len >> 1) = middle;
            Unsafe.AddByteOffset(ref dest, len - 1) = last;
        }
    }

    /// <summary>Sets <paramref name="numElements"/> bytes to <paramref name="value"/>.</summary>
    [Intrinsic]
    public static void Fill(ref byte refData, byte value, nuint numElements)
    {
        if (numElements < Vector)
        {
            FillShort(ref refData, value, numElements);
            return;
        }
        if (!Vector256.IsHardwareAccelerated)
        {
            HalfVectors.Fill(ref refData, value, numElements);
            return;
        }
        Vector256<byte> pattern = Vector256.Create(value);
        nuint last = numElements - Vector;
        for (nuint i = 0; i < last; i += Vector) pattern.StoreUnsafe(ref refData, i);
        pattern.StoreUnsafe(ref refData, last);
    }

    /// <summary>Sets <paramref name="byteLength"/> bytes to zero.</summary>
    [Intrinsic]
    public static void ClearWithoutReferences(ref byte dest, nuint byteLength) => Fill(ref dest, 0, byteLength);

    /// <summary>Whether two ranges of <paramref name="length"/> bytes are equal.</summary>
    [Intrinsic]
    public static bool SequenceEqual(ref byte first, ref byte second, nuint length)
    {
        if (length >= Vector)
        {
            if (!Vector256.IsHardwareAccelerated) return HalfVectors.SequenceEqual(ref first, ref second, length);
            nuint last = length - Vector;
            for (nuint i = 0; i < last; i += Vector)
            {
                if (Vector256.LoadUnsafe(ref first, i) != Vector256.LoadUnsafe(ref second, i)) return false;
            }
            return Vector256.LoadUnsafe(ref first, last) == Vector256.LoadUnsafe(ref second, last);
        }
        if (length >= 16)
        {
            return Vector128.LoadUnsafe(ref first) == Vector128.LoadUnsafe(ref second)
                && Vector128.LoadUnsafe(ref first, length - 16) == Vector128.LoadUnsafe(ref second, length - 16);
        }
        if (length >= 8)
        {
            ulong heads = Load<ulong>(ref first, 0) ^ Load<ulong>(ref second, 0);
            ulong tails = Load<ulong>(ref first, length - 8) ^ Load<ulong>(ref second, length - 8);
            return (heads | tails) == 0;
        }
        if (length >= 4)
        {
            uint heads = Load<uint>(ref first, 0) ^ Load<uint>(ref second, 0);
            uint tails = Load<uint>(ref first, length - 4) ^ Load<uint>(ref second, length - 4);
            return (heads | tails) == 0;
        }
        for (nuint i = 0; i < length; i++)
        {
            if (Unsafe.AddByteOffset(ref first, i) != Unsafe.AddByteOffset(ref second, i)) return false;
        }
        return true;
    }

    /// <summary>The first place of <paramref name="value"/> among <paramref name="length"/> bytes, or -1.</summary>
    public static int IndexOf(ref byte searchSpace, byte value, int length) =>
        IndexOfAny(ref searchSpace, value, value, length);

    /// <summary>The first place of either value among <paramref name="length"/> bytes, or -1.</summary>
    public static int IndexOfAny(ref byte searchSpace, byte value0, byte value1, int length)
    {
        nuint count = (uint)length;
        if (Vector256.IsHardwareAccelerated && count >= Vector)
        {
            Vector256<byte> pattern0 = Vector256.Create(value0);
            Vector256<byte> pattern1 = Vector256.Create(value1);
            nuint last = count - Vector;
            nuint i = 0;
            while (true)
            {
                Vector256<byte> octets = Vector256.LoadUnsafe(ref searchSpace, i);
                uint matches = (Vector256.Equals(octets, pattern0) | Vector256.Equals(octets, pattern1))
                    .ExtractMostSignificantBits();
                if (matches != 0) return (int)i + Numerics.BitOperations.TrailingZeroCount(matches);
                if (i >= last) return -1;
                // The last vector overlaps the one before it, where nothing was found.
                i += Vector;
                if (i > last) i = last;
            }
        }
        if (Vector256.IsHardwareAccelerated && count >= 16)
        {
            nuint last = count - 16;
            uint matches = MatchesOf(ref searchSpace, 0, value0, value1)
                | (MatchesOf(ref searchSpace, last, value0, value1) << (int)last);
            return matches == 0 ? -1 : Numerics.BitOperations.TrailingZeroCount(matches);
        }
        for (nuint i = 0; i < count; i++)
        {
            byte octet = Unsafe.AddByteOffset(ref searchSpace, i);
            if (octet == value0 || octet == value1) return (int)i;
        }
        return -1;
    }

    // Less than a vector.
    private static void FillShort(ref byte start, byte value, nuint length)
    {
        ulong pattern = value * 0x0101_0101_0101_0101UL;
        if (length >= 16)
        {
            Vector128<byte> wide = Vector128.Create(value);
            wide.StoreUnsafe(ref start);
            wide.StoreUnsafe(ref start, length - 16);
        }
        else if (length >= 8)
        {
            Store(ref start, 0, pattern);
            Store(ref start, length - 8, pattern);
        }
        else if (length >= 4)
        {
            Store(ref start, 0, (uint)pattern);
            Store(ref start, length - 4, (uint)pattern);
        }
        else
        {
            for (nuint i = 0; i < length; i++) Unsafe.AddByteOffset(ref start, i) = value;
        }
    }

    // A bit for each of 16 bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint MatchesOf(ref byte start, nuint offset, byte value0, byte value1)
    {
        Vector128<byte> octets = Vector128.LoadUnsafe(ref start, offset);
        return (Vector128.Equals(octets, Vector128.Create(value0)) | Vector128.Equals(octets, Vector128.Create(value1)))
            .ExtractMostSignificantBits();
    }

    // One vector to two.
    private static void MemmoveTwo(ref byte dest, ref byte src, nuint len)
    {
        Vector256<byte> head = Vector256.LoadUnsafe(ref src);
        Vector256<byte> tail = Vector256.LoadUnsafe(ref src, len - Vector);
        head.StoreUnsafe(ref dest);
        tail.StoreUnsafe(ref dest, len - Vector);
    }

    // Two vectors to four.
    private static void MemmoveFour(ref byte dest, ref byte src, nuint len)
    {
        Vector256<byte> head = Vector256.LoadUnsafe(ref src);
        Vector256<byte> second = Vector256.LoadUnsafe(ref src, Vector);
        Vector256<byte> third = Vector256.LoadUnsafe(ref src, len - (2 * Vector));
        Vector256<byte> tail = Vector256.LoadUnsafe(ref src, len - Vector);
        head.StoreUnsafe(ref dest);
        second.StoreUnsafe(ref dest, Vector);
        third.StoreUnsafe(ref dest, len - (2 * Vector));
        tail.StoreUnsafe(ref dest, len - Vector);
    }

    // More than four.
    private static void MemmoveVectors(ref byte dest, ref byte src, nuint len)
    {
        nuint last = len - Vector;
        // SAFETY of the order: both end vectors are loaded before anything is stored, and the loops run away from the
        // overlap, each step loading before it stores: upwards if the destination lies below the source or clear of it,
        // downwards otherwise.
        Vector256<byte> head = Vector256.LoadUnsafe(ref src);
        Vector256<byte> tail = Vector256.LoadUnsafe(ref src, last);
        if ((nuint)Unsafe.ByteOffset(ref src, ref dest) >= len)
        {
            nuint i = Vector;
            for (; i + Vector < last; i += 2 * Vector)
            {
                Vector256<byte> first = Vector256.LoadUnsafe(ref src, i);
                Vector256<byte> second = Vector256.LoadUnsafe(ref src, i + Vector);
                first.StoreUnsafe(ref dest, i);
                second.StoreUnsafe(ref dest, i + Vector);
            }
            if (i < last) Vector256.LoadUnsafe(ref src, i).StoreUnsafe(ref dest, i);
        }
        else
        {
            for (nuint i = last; i > Vector; i -= Vector)
            {
                Vector256.LoadUnsafe(ref src, i - Vector).StoreUnsafe(ref dest, i - Vector);
            }
        }
        head.StoreUnsafe(ref dest);
        tail.StoreUnsafe(ref dest, last);
    }

    private static T Load<T>(ref byte start, nuint offset) =>
        Unsafe.ReadUnaligned<T>(ref Unsafe.AddByteOffset(ref start, offset));

    private static void Store<T>(ref byte start, nuint offset, T value) =>
        Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref start, offset), value);
}
