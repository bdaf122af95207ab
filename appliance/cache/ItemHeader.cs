using System.Runtime.InteropServices;

namespace Memcachier.Cache;

/// <summary>
/// What precedes every item in a segment: 12 bytes that all of them have, then the fields that
/// <see cref="ItemForm"/> says this one has. Items start at multiples of the log's unit (4 bytes, more above 16 GiB), so
/// every field is aligned and can be replaced in one store.
/// </summary>
/// <remarks>
/// <code>
///  0            1        2                               4        8        12
///  [ key length ][ marks ][ form:4 | value length:12 ]   [ time ] [ cas ]  fields, key, value, padding
///  fields, in this order, if the form has them:  [ cas high:32 ][ value length:32 ] [ exptime:32 ] [ flags:32 ] [ near exptime:16 ]
/// </code>
/// The cas unique is the segment's base plus <see cref="Cas"/>, or, in a wide item, the field for its upper half and
/// <see cref="Cas"/> as they are.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct ItemHeader
{
    /// <summary>Size in bytes of what all items have; a test pins it to the layout.</summary>
    public const int Size = 12;

    /// <summary>Longer values have their length in a field of its own.</summary>
    public const int ShortValueLengthMax = (1 << FormShift) - 1;

    private const int FormShift = 12;

    /// <summary>Bytes in the key, 1 to 250.</summary>
    public byte KeyLength;

    public ItemMarks Marks;

    private ushort _form;

    /// <summary>The second of the last store or read, on the scale of <see cref="Lifetime"/>.</summary>
    public uint Time;

    /// <summary>The cas unique less the segment's base, or its lower half.</summary>
    public uint Cas;

    /// <summary>Which fields follow.</summary>
    public readonly ItemForm Form => (ItemForm)(_form >> FormShift);

    /// <summary>The value's length in bytes if the item is not wide.</summary>
    public readonly int ShortValueLength => _form & ShortValueLengthMax;

    /// <summary>Starts an item that is dead until somebody marks it otherwise.</summary>
    public void Begin(int keyLength, ItemForm form, int valueLength)
    {
        KeyLength = (byte)keyLength;
        Marks = ItemMarks.Dead;
        int shortLength = (form & ItemForm.IsWide) == 0 ? valueLength : 0;
        _form = (ushort)(((int)form << FormShift) | shortLength);
        Time = 0;
        Cas = 0;
    }
}
