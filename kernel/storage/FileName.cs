using System;

namespace Memcachier.Kernel.Storage;

/// <summary>Names as file systems compare them: capital and small letters of ASCII are the same.</summary>
internal static class FileName
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (!AreEqual(left[i], right[i])) return false;
        }
        return true;
    }

    /// <summary>Compares a unit of UTF-16 or a byte with a byte of ASCII.</summary>
    public static bool AreEqual(ushort left, byte right) => Fold(left) == Fold(right);

    /// <summary>Without the padding at the end.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> name, byte padding)
    {
        int length = name.Length;
        while (length > 0 && name[length - 1] == padding) length--;
        return name.Slice(0, length);
    }

    private static ushort Fold(ushort unit) => unit is >= (byte)'A' and <= (byte)'Z' ? (ushort)(unit | 0x20) : unit;
}
