using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>Which fields an item has beyond the header; fixed when its place is taken.</summary>
[Flags]
internal enum ItemForm : byte
{
    None = 0,

    /// <summary>The second at which it expires; 0 never.</summary>
    HasExptime = 1,

    /// <summary>The client's flags; without the field they are 0.</summary>
    HasFlags = 2,

    /// <summary>
    /// The upper half of its cas unique, which is too far from the segment's base for 32 bits.
    /// </summary>
    HasCasHigh = 4,

    /// <summary>The value's length, which is too large for the header.</summary>
    HasLength = 8,
}

internal static class ItemForms
{
    /// <summary>The form of an item with these properties.</summary>
    public static ItemForm For(uint exptime, uint flags, int valueLength)
    {
        ItemForm form = ItemForm.None;
        if (exptime != 0) form |= ItemForm.HasExptime;
        if (flags != 0) form |= ItemForm.HasFlags;
        if (valueLength > ItemHeader.ShortValueLengthMax) form |= ItemForm.HasLength;
        return form;
    }

    /// <summary>Bytes before the key of an item of this form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PrefixLength(this ItemForm form) =>
        ItemHeader.Size + (BitOperations.PopCount((uint)form) * ItemHeader.FieldSize);

    /// <summary>Where a field of an item of this form lies, whether it has it or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OffsetOf(this ItemForm form, ItemForm field) => (form & (field - 1)).PrefixLength();
}
