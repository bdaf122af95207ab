using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>Which fields an item has beyond the header; fixed when its place is taken.</summary>
[Flags]
internal enum ItemForm : byte
{
    None = 0,

    /// <summary>
    /// 8 bytes: the upper half of the cas unique and the value's length. For long values, and for cas uniques that are
    /// too far from the segment's base for 32 bits.
    /// </summary>
    IsWide = 1,

    /// <summary>4 bytes: the second at which it expires; 0 never.</summary>
    HasExptime = 2,

    /// <summary>4 bytes: the client's flags; without the field they are 0.</summary>
    HasFlags = 4,

    /// <summary>
    /// 2 bytes: the second at which it expires, relative to the segment's; see <see cref="NearExptime"/>.
    /// </summary>
    HasNearExptime = 8,
}

internal static class ItemForms
{
    /// <summary>Every field of the largest kind.</summary>
    public const ItemForm Largest = ItemForm.IsWide | ItemForm.HasExptime | ItemForm.HasFlags;

    /// <summary>Of an item before its key, by form.</summary>
    private static ReadOnlySpan<byte> PrefixLengths => [12, 20, 16, 24, 16, 24, 20, 28, 14, 22, 18, 26, 18, 26, 22, 30];

    /// <summary>Bytes before the key of an item of this form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PrefixLength(this ItemForm form) => PrefixLengths[(int)form];

    /// <summary>Where a field of an item of this form lies, whether it has it or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OffsetOf(this ItemForm form, ItemForm field) => (form & (field - 1)).PrefixLength();
}
