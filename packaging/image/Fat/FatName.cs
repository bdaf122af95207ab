using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Memcachier.Packaging.Image.Fat;

/// <summary>
/// A file's name as a directory keeps it: eight and three characters, and in front of that, if they are not the whole name,
/// the long name in pieces ("FAT: General Overview of On-Disk Format", Microsoft, 2000).
/// </summary>
internal sealed class FatName
{
    public const int EntrySize = 32;

    private const int BaseLength = 8, ExtensionLength = 3, ShortLength = BaseLength + ExtensionLength;
    private const int AliasStemLength = 6, AliasNumberMax = 9;
    private const int UnitsPerPiece = 13, LongLengthMax = 255;
    private const byte AttributeLongName = 0x0F, OrdinalLast = 0x40;
    private const string ShortCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'()-@^_`{}~";
    private const string NotInLongNames = "\"*/:<>?\\|";

    private static readonly int[] s_unitOffsets = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    private readonly string _longName;

    private FatName(string longName, byte[] shortName)
    {
        _longName = longName;
        Short = shortName;
    }

    /// <summary>The 11 characters of the entry.</summary>
    public byte[] Short { get; }

    /// <summary>How many entries the name needs, the file's own included.</summary>
    public int EntryCount => ((_longName.Length + UnitsPerPiece - 1) / UnitsPerPiece) + 1;

    /// <param name="taken">The short names that there are in this directory.</param>
    public static FatName Create(string name, IReadOnlyCollection<string> taken)
    {
        int dot = name.LastIndexOf('.');
        string stem = dot < 0 ? name : name[..dot];
        string extension = dot < 0 ? "" : name[(dot + 1)..];
        if (IsPart(stem, BaseLength) && IsPart(extension, ExtensionLength) && stem.Length > 0 && !name.EndsWith('.'))
            return new FatName("", Pad(stem, extension));
        bool isName = name.Length is > 0 and <= LongLengthMax
            && name.AsSpan().IndexOfAny(NotInLongNames) < 0
            && !name.EndsWith('.') && name.Trim() == name && name.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
        if (!isName) throw new ArgumentException($"'{name}' is no name of a file on a FAT volume", nameof(name));
        for (int number = 1; number <= AliasNumberMax; number++)
        {
            byte[] alias = Pad($"{Shorten(stem, AliasStemLength)}~{number}", Shorten(extension, ExtensionLength));
            bool isFree = true;
            foreach (string other in taken) isFree &= other != Encoding.ASCII.GetString(alias);
            if (isFree) return new FatName(name, alias);
        }
        throw new ArgumentException($"'{name}' is like too many names before it", nameof(name));
    }

    /// <summary>Writes the pieces of the long name, the last one first; returns how many bytes that are.</summary>
    public int WriteLongName(Span<byte> entries)
    {
        int pieces = EntryCount - 1;
        for (int ordinal = pieces; ordinal > 0; ordinal--)
        {
            Span<byte> entry = entries.Slice((pieces - ordinal) * EntrySize, EntrySize);
            entry[0] = (byte)(ordinal | (ordinal == pieces ? OrdinalLast : 0));
            entry[11] = AttributeLongName;
            entry[13] = Checksum();
            for (int i = 0; i < UnitsPerPiece; i++)
            {
                // A zero ends a name that does not fill its last piece; ones fill it up.
                int at = ((ordinal - 1) * UnitsPerPiece) + i;
                ushort unit = at < _longName.Length ? _longName[at] : at == _longName.Length ? (ushort)0 : ushort.MaxValue;
                BinaryPrimitives.WriteUInt16LittleEndian(entry[s_unitOffsets[i]..], unit);
            }
        }
        return pieces * EntrySize;
    }

    private byte Checksum()
    {
        byte sum = 0;
        foreach (byte character in Short) sum = (byte)((sum << 7) + (sum >> 1) + character);
        return sum;
    }

    private static bool IsPart(string text, int lengthMax) =>
        text.Length <= lengthMax && text.AsSpan().IndexOfAnyExcept(ShortCharacters) < 0;

    /// <summary>Capital letters; no spaces and dots, and an underscore for what short names cannot have.</summary>
    private static string Shorten(string text, int lengthMax)
    {
        var result = new StringBuilder();
        foreach (char character in text.ToUpperInvariant())
        {
            if (character is ' ' or '.' || result.Length == lengthMax) continue;
            _ = result.Append(ShortCharacters.Contains(character, StringComparison.Ordinal) ? character : '_');
        }
        return result.ToString();
    }

    private static byte[] Pad(string stem, string extension) =>
        Encoding.ASCII.GetBytes(stem.PadRight(BaseLength) + extension.PadRight(ExtensionLength));
}
