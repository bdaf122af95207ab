using System.Runtime.InteropServices;

namespace Memcachier.Cache;

/// <summary>
/// Where a part of a long value is. The part itself is an entry of the log without a key; what it begins with says
/// whose it is.
/// </summary>
/// <remarks>
/// <code>
///  chained item:  [ header, fields ][ key ][ padding to 4 ][ holds:32 ]  [ location:32 ][ sequence:32 ] ...
///  piece:         [ 0 ][ marks ][ form ] [ hash of the key:64 ] [ number:32 ][ length:32 ] [ data ]
/// </code>
/// A piece is a wide item without time and cas unique: the fields for them say whose it is.
/// All pieces but the last are equally long. A chained item's list of them never changes: when a piece is moved, the
/// item is written anew, so that who holds the old one still finds everything where it was.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct Piece
{
    /// <summary>Size in bytes; a test pins it to the layout.</summary>
    public const int Size = 8;

    /// <summary>Bytes before the list: how many leases and reservations keep the pieces where they are.</summary>
    public const int HoldsLength = sizeof(uint);

    public uint Location;

    /// <summary>The use of the segment in which it was put there.</summary>
    public uint Sequence;

    public static int Align(int offset) => (offset + 3) & -4;

    public static int CountFor(int valueLength, int pieceLengthMax) =>
        (int)(((long)valueLength + pieceLengthMax - 1) / pieceLengthMax);

    /// <summary>Bytes of a chained item behind its key and the padding.</summary>
    public static int ListLength(int valueLength, int pieceLengthMax) =>
        HoldsLength + (CountFor(valueLength, pieceLengthMax) * Size);

    /// <summary>The hash of its owner's key.</summary>
    public static ulong HashOf(in Item piece) => ((ulong)piece.Header.Cas << 32) | piece.Header.Time;

    /// <summary>Which of its owner's pieces it is.</summary>
    public static int NumberOf(in Item piece) => (int)piece.CasHigh;

    public static void SetOwner(in Item piece, ulong hash, int number)
    {
        piece.Header.Time = (uint)hash;
        piece.Header.Cas = (uint)(hash >> 32);
        piece.CasHigh = (uint)number;
    }
}
