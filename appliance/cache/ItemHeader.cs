using System.Runtime.InteropServices;
using System.Threading;

namespace Memcachier.Cache;

/// <summary>
/// What precedes every item in a segment: 12 bytes that all of them have, then the fields that
/// <see cref="ItemForm"/> says this one has. Items start at multiples of the log's unit (4 bytes, more above 16 GiB),
/// so every field is aligned and can be replaced in one store.
/// </summary>
/// <remarks>
/// <code>
///  0            1        2                               4        8        12
///  [ key length ][ marks ][ form:4 | value length:12 ]   [ time ] [ cas ]  fields, key, value, padding
///  fields, in this order, if the form has them:
///  [ cas high:32 ][ value length:32 ] [ exptime:32 ] [ flags:32 ] [ near exptime:16 ]
/// </code>
/// The cas unique is the segment's base plus <see cref="Cas"/>, or, in a wide item, the field for its upper half and
/// <see cref="Cas"/> as they are.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ItemHeader
{
    /// <summary>Size in bytes of what all items have; a test pins it to the layout.</summary>
    public const int Size = 12;

    /// <summary>Longer values have their length in a field of its own.</summary>
    public const int ShortValueLengthMax = (1 << FormShift) - 1;

    private const int FormShift = 12;

    private const int MarksShift = 8;

    /// <summary>Bytes in the key, 1 to 250; 0 in a piece.</summary>
    [FieldOffset(0)]
    public byte KeyLength;

    /// <summary>
    /// Once others may read the item, <see cref="Change"/> alone changes them, or <see cref="ItemMarks.Dead"/> ends
    /// them.
    /// </summary>
    [FieldOffset(1)]
    public ItemMarks Marks;

    [FieldOffset(2)]
    private ushort _form;

    [FieldOffset(0)]
    private uint _word;

    /// <summary>The second of the last store or read, on the scale of <see cref="Lifetime"/>.</summary>
    [FieldOffset(4)]
    public uint Time;

    /// <summary>The cas unique less the segment's base, or its lower half.</summary>
    [FieldOffset(8)]
    public uint Cas;

    /// <summary>The marks, read here and now, whoever may be changing them.</summary>
    public readonly ItemMarks MarksNow => (ItemMarks)(byte)(Volatile.Read(in _word) >> MarksShift);

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

    /// <summary>Changes marks that other reactors may change at the same time.</summary>
    public void Change(ItemMarks clear, ItemMarks set)
    {
        uint before = Volatile.Read(ref _word);
        while (true)
        {
            uint after = (before & ~((uint)clear << MarksShift)) | ((uint)set << MarksShift);
            if (after == before) return;
            uint seen = Interlocked.CompareExchange(ref _word, after, before);
            if (seen == before) return;
            before = seen;
        }
    }
}
