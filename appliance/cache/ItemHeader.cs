using System.Runtime.InteropServices;

namespace Memcachier.Cache;

/// <summary>
/// What precedes the key of every item in a segment. Items start at multiples of the store's unit (8 bytes, more above
/// 32 GiB), so every field is aligned.
/// </summary>
/// <remarks>
/// <code>
///  0        8      12     16      20        24     28            32           33      34           36
///  [ cas:64 ][next ][hash ][flags ][exptime ][time ][value length][key length:8][marks:8][generation:16]
///                                                                  then: key, value, CR LF, padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct ItemHeader
{
    /// <summary>Size in bytes; a test pins it to the layout.</summary>
    public const int Size = 36;

    /// <summary>The item's cas unique: another one at each change of the value.</summary>
    public ulong Cas;

    /// <summary>
    /// The location of the next item of the same hash bucket, or <see cref="SegmentLog.NoLocation"/>.
    /// </summary>
    public uint Next;

    /// <summary>
    /// The half of the key's hash that chooses the bucket; the rest of it spares comparisons of keys.
    /// </summary>
    public uint Hash;

    /// <summary>The client's flags.</summary>
    public uint Flags;

    /// <summary>The second at which the item expires, on the scale of <see cref="Lifetime"/>; 0 never.</summary>
    public uint Exptime;

    /// <summary>The second of the last store or read.</summary>
    public uint Time;

    /// <summary>Bytes in the value, its CR LF not counted.</summary>
    public int ValueLength;

    /// <summary>Bytes in the key, 1 to 250.</summary>
    public byte KeyLength;

    public ItemMarks Marks;

    /// <summary>The generation of <see cref="Lifetime"/> in which the item was stored.</summary>
    public ushort Generation;
}
