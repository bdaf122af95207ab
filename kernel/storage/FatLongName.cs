using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// Compares a name with the long names of a FAT directory, which precede their file's entry in pieces, the last one first.
/// Nothing is gathered: each piece is compared with its part of the name.
/// </summary>
/// <remarks>
/// <code>
///   [ ordinal:8, 0x40 marks the last ][ 5 units ][ 0x0F ][ 0 ][ checksum:8 ][ 6 units ][ 0:16 ][ 2 units ]
/// </code>
/// Units are UTF-16; a zero ends a name that does not fill its last piece.
/// </remarks>
internal ref struct FatLongName
{
    private const int UnitsPerPiece = 13;
    private const byte OrdinalLast = 0x40, OrdinalMask = 0x3F;
    private const int ChecksumOffset = 13;
    private const int ShortNameLength = 11;

    private readonly ReadOnlySpan<byte> _name;
    private int _ordinal;
    private byte _checksum;
    private bool _isEqual;

    public FatLongName(ReadOnlySpan<byte> name) => _name = name;

    private static ReadOnlySpan<byte> UnitOffsets => [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>Forgets the pieces seen so far.</summary>
    public void Reset() => _ordinal = -1;

    /// <summary>Compares the next piece.</summary>
    public void Add(scoped ReadOnlySpan<byte> piece)
    {
        int ordinal = piece[0] & OrdinalMask;
        if ((piece[0] & OrdinalLast) != 0)
        {
            _isEqual = ordinal == (_name.Length + UnitsPerPiece - 1) / UnitsPerPiece;
            _checksum = piece[ChecksumOffset];
        }
        else
        {
            _isEqual = _isEqual && ordinal == _ordinal - 1 && piece[ChecksumOffset] == _checksum;
        }
        _ordinal = ordinal;
        _isEqual = _isEqual && IsEqual(piece, (ordinal - 1) * UnitsPerPiece);
    }

    /// <summary>Whether all the pieces were there, are equal to the name and belong to this entry.</summary>
    public readonly bool Names(scoped ReadOnlySpan<byte> entry) =>
        _isEqual && _ordinal == 1 && _checksum == ChecksumOf(entry.Slice(0, ShortNameLength));

    private readonly bool IsEqual(ReadOnlySpan<byte> piece, int position)
    {
        if (position < 0) return false;
        for (int i = 0; i < UnitsPerPiece; i++, position++)
        {
            ushort unit = BinaryPrimitives.ReadUInt16LittleEndian(piece.Slice(UnitOffsets[i]));
            if (position == _name.Length) return unit == 0;
            if (!FileName.AreEqual(unit, _name[position])) return false;
        }
        return true;
    }

    private static byte ChecksumOf(ReadOnlySpan<byte> shortName)
    {
        byte sum = 0;
        for (int i = 0; i < shortName.Length; i++) sum = (byte)((sum << 7) + (sum >> 1) + shortName[i]);
        return sum;
    }
}
