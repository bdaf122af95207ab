using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Storage;

/// <summary>A record of an ISO 9660 directory (ECMA-119 §9.1), with the names that extensions give to its file.</summary>
/// <remarks>
/// <code>
///   [ size:8 ][ ext. attributes:8 ][ extent:32 LE, BE ][ length:32 LE, BE ][ date: 7 ][ flags:8 ][ unit:8 ][ gap:8 ]
///   [ volume:16 LE, BE ][ name size:8 ][ name ][ 0 if that is even ][ system use: entries of SUSP ]
/// </code>
/// </remarks>
internal readonly ref struct IsoRecord
{
    /// <summary>Size of a record in bytes, with a name of one.</summary>
    public const int SizeMin = 34;

    public const int SizeMax = 255;

    /// <summary>What <see cref="ReadSystemUseSkip"/> says if the directory does not use SUSP.</summary>
    public const int NoSystemUse = -1;

    private const int AttributesOffset = 1, ExtentOffset = 2, LengthOffset = 10, FlagsOffset = 25, UnitOffset = 26;
    private const int GapOffset = 27, NameSizeOffset = 32, NameOffset = 33;
    private const byte FlagDirectory = 2, FlagAssociated = 4, FlagMultiExtent = 0x80;

    // IEEE P1281: [ signature: 2 ][ size:8 ][ version:8 ] and then, of NM (IEEE P1282), [ flags:8 ][ a part of the name ].
    private const int EntrySizeOffset = 2, EntryHeader = 4, SkipOffset = 6, SkipEntrySize = 7;
    private const int PartFlagsOffset = 4, PartOffset = 5;
    private const byte PartIsOther = 2 | 4;                                    // ".", ".."

    private readonly ReadOnlySpan<byte> _octets;

    private IsoRecord(ReadOnlySpan<byte> octets) => _octets = octets;

    public bool IsDirectory => (_octets[FlagsOffset] & (FlagDirectory | FlagAssociated)) != 0;

    /// <summary>Whether the file is one piece.</summary>
    public bool IsContiguous =>
        (_octets[FlagsOffset] & FlagMultiExtent) == 0 && (_octets[UnitOffset] | _octets[GapOffset]) == 0;

    /// <summary>Size of the file in bytes.</summary>
    public uint FileLength => ReadLength(_octets);

    /// <summary>The block that the file's bytes begin in.</summary>
    public ulong FirstBlock => ReadFirstBlock(_octets);

    private ReadOnlySpan<byte> Name => _octets.Slice(NameOffset, _octets[NameSizeOffset]);

    /// <summary>Fails if any accessor would read outside <paramref name="octets"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out IsoRecord record)
    {
        record = default;
        if (octets.Length < SizeMin) return false;
        if (NameOffset + octets[NameSizeOffset] > octets.Length) return false;
        record = new IsoRecord(octets);
        return true;
    }

    /// <summary>§9.1.2, §9.1.3: an extended attribute record, if any, precedes the file's bytes.</summary>
    public static ulong ReadFirstBlock(ReadOnlySpan<byte> record) =>
        (ulong)BinaryPrimitives.ReadUInt32LittleEndian(record.Slice(ExtentOffset)) + record[AttributesOffset];

    public static uint ReadLength(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record.Slice(LengthOffset));

    /// <summary>
    /// Of a root directory's first record: how many bytes to pass over before the entries in each record's system use field;
    /// <see cref="NoSystemUse"/> if there are no entries (IEEE P1281 §5.3).
    /// </summary>
    public int ReadSystemUseSkip()
    {
        ReadOnlySpan<byte> use = SystemUse(0);
        if (use.Length < SkipEntrySize || !use.StartsWith("SP\u0007\u0001"u8)) return NoSystemUse;
        return use[SkipOffset];
    }

    /// <summary>
    /// Compares with the name of Rock Ridge if there is one in the record, else with the standard's, without its version.
    /// </summary>
    public bool HasName(ReadOnlySpan<byte> name, int systemUseSkip)
    {
        if (systemUseSkip != NoSystemUse && TryCompareRockRidge(name, systemUseSkip, out bool isEqual)) return isEqual;
        ReadOnlySpan<byte> own = Name;
        int version = own.LastIndexOf((byte)';');
        if (version >= 0) own = own.Slice(0, version);
        return FileName.AreEqual(FileName.TrimEnd(own, (byte)'.'), name);
    }

    /// <summary>Compares with a name of Joliet: UCS-2, big-endian, perhaps with a version.</summary>
    public bool HasJolietName(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> own = Name;
        if (own.Length < 2 * name.Length) return false;
        for (int i = 0; i < name.Length; i++)
        {
            if (!FileName.AreEqual(BinaryPrimitives.ReadUInt16BigEndian(own.Slice(2 * i)), name[i])) return false;
        }
        own = own.Slice(2 * name.Length);
        return own.Length == 0 || own.StartsWith("\0;"u8);
    }

    private bool TryCompareRockRidge(ReadOnlySpan<byte> name, int skip, out bool isEqual)
    {
        isEqual = true;
        bool hasName = false;
        ReadOnlySpan<byte> use = SystemUse(skip);
        while (use.Length >= EntryHeader)
        {
            int size = use[EntrySizeOffset];
            if (size < EntryHeader || size > use.Length) break;
            if (use.StartsWith("NM"u8) && size >= PartOffset)
            {
                hasName = true;
                ReadOnlySpan<byte> part = use.Slice(PartOffset, size - PartOffset);
                isEqual = isEqual && (use[PartFlagsOffset] & PartIsOther) == 0 && part.Length <= name.Length
                    && FileName.AreEqual(part, name.Slice(0, part.Length));
                if (isEqual) name = name.Slice(part.Length);
            }
            use = use.Slice(size);
        }
        isEqual = isEqual && name.Length == 0;
        return hasName;
    }

    private ReadOnlySpan<byte> SystemUse(int skip)
    {
        int nameSize = _octets[NameSizeOffset];
        int start = NameOffset + nameSize + (1 - (nameSize & 1)) + skip;
        return start < _octets.Length ? _octets.Slice(start) : default;
    }
}
