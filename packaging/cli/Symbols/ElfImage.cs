using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Memcachier.Cli.Symbols;

/// <summary>
/// The parts of a little-endian ELF64 file that explain addresses: code sections, their symbols and the build id. Every
/// offset is checked, so a damaged file is a sentence and not a stack trace.
/// </summary>
public sealed class ElfImage
{
    private const string SymbolsExtension = ".debug";
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const uint SymbolTable = 2;
    private const uint Note = 7;
    private const uint BuildIdNote = 3;
    private const int NoteHeaderSize = 12;
    private const int TypeObject = 1;
    private const int TypeFunction = 2;

    private static readonly byte[] Magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    private readonly byte[] _file;
    private ElfSymbol[] _symbols;

    private ElfImage(byte[] file)
    {
        _file = file;
        Sections = ReadSections();
        // Several names may share an address: the first of them is the one that says most.
        _symbols = [.. ReadSymbols()
            .OrderBy(symbol => symbol.Address)
            .ThenByDescending(symbol => IlcName.IsManaged(symbol.Name))
            .ThenByDescending(symbol => symbol.Size)];
        BuildId = ReadBuildId();
    }

    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>Of code, by address.</summary>
    public IReadOnlyList<ElfSymbol> Symbols => _symbols;

    /// <summary>Lower-case hexadecimal, or null when the linker left none.</summary>
    public string? BuildId { get; }

    /// <summary>Reads an image; a stripped one takes its symbols from the file beside it that ends in <c>.debug</c>.</summary>
    /// <exception cref="UserErrorException">There is no such file, or it is damaged, or its symbols are of another build.</exception>
    public static ElfImage Load(string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"there is no {path}: build the image first");
        ElfImage image = Parse(File.ReadAllBytes(path), path);
        if (image._symbols.Length > 0)
            return image;
        string symbolsPath = Path.ChangeExtension(path, SymbolsExtension);
        if (!File.Exists(symbolsPath))
            throw new UserErrorException($"there is no {symbolsPath} with the symbols of {path}");
        ElfImage symbols = Parse(File.ReadAllBytes(symbolsPath), symbolsPath);
        if (symbols._symbols.Length == 0)
            throw new UserErrorException($"there are no symbols in {symbolsPath}");
        if (symbols.BuildId != image.BuildId)
            throw new UserErrorException($"{symbolsPath} is of another build than {path}");
        image._symbols = symbols._symbols;
        return image;
    }

    public static ElfImage Parse(byte[] file, string name)
    {
        if (file.Length < HeaderSize || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new UserErrorException($"{name} is not a little-endian ELF64 file");
        try
        {
            return new ElfImage(file);
        }
        catch (Exception problem) when (problem is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UserErrorException($"{name} is a damaged ELF file", problem);
        }
    }

    /// <summary>Fails for an address outside the code.</summary>
    public bool TryFindSymbol(ulong address, out ElfSymbol symbol)
    {
        symbol = default;
        ElfSection section = Sections.FirstOrDefault(each => each.IsCode && each.Contains(address));
        if (section.Size == 0)
            return false;
        int low = 0;
        int high = _symbols.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_symbols[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == 0)
            return false;
        symbol = _symbols[low - 1];
        for (int i = low - 1; i > 0 && _symbols[i - 1].Address == symbol.Address; i--)
            symbol = _symbols[i - 1];
        return section.Contains(symbol.Address);
    }

    /// <summary>The code from <paramref name="address"/> on, at most <paramref name="count"/> bytes of it.</summary>
    public ReadOnlySpan<byte> Code(ulong address, int count)
    {
        ElfSection section = Sections.FirstOrDefault(each => each.IsCode && each.Contains(address));
        if (section.Size == 0)
            return [];
        ulong within = address - section.Address;
        return Slice(section.Offset + within, Math.Min((ulong)count, section.Size - within));
    }

    private ReadOnlySpan<byte> Slice(ulong offset, ulong size) =>
        _file.AsSpan(checked((int)offset), checked((int)size));

    private ushort U16(ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2));

    private uint U32(ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4));

    private ulong U64(ulong offset) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8));

    private ElfSection[] ReadSections()
    {
        ulong table = U64(0x28);
        int count = U16(0x3c);
        int namesIndex = U16(0x3e);
        if (count == 0)
            return [];
        ulong names = U64(table + (ulong)namesIndex * SectionHeaderSize + 0x18);
        var sections = new ElfSection[count];
        for (int i = 0; i < count; i++)
        {
            ulong at = table + (ulong)i * SectionHeaderSize;
            string name = Text(names + U32(at));
            sections[i] = new ElfSection(
                name, U32(at + 4), U64(at + 8), U64(at + 0x10), U64(at + 0x18), U64(at + 0x20), U32(at + 0x28));
        }
        return sections;
    }

    private List<ElfSymbol> ReadSymbols()
    {
        var symbols = new List<ElfSymbol>();
        foreach (ElfSection table in Sections.Where(section => section.Type == SymbolTable))
        {
            ulong strings = Sections[checked((int)Math.Min(table.Link, (uint)Sections.Count - 1))].Offset;
            for (ulong at = table.Offset; at + SymbolSize <= table.Offset + table.Size; at += SymbolSize)
            {
                int type = Slice(at + 4, 1)[0] & 0xf;
                int section = U16(at + 6);
                bool isCode = section < Sections.Count && Sections[section].IsExecutable;
                string name = Text(strings + U32(at));
                if (isCode && name.Length > 0 && type is not TypeObject and <= TypeFunction)
                    symbols.Add(new ElfSymbol(U64(at + 8), U64(at + 16), name));
            }
        }
        return symbols;
    }

    private string? ReadBuildId()
    {
        foreach (ElfSection section in Sections.Where(section => section.Type == Note))
        {
            ulong at = section.Offset;
            while (at + NoteHeaderSize <= section.Offset + section.Size)
            {
                ulong nameSize = U32(at);
                ulong descSize = U32(at + 4);
                ulong desc = at + NoteHeaderSize + Aligned(nameSize);
                if (U32(at + 8) == BuildIdNote && Slice(at + NoteHeaderSize, nameSize).SequenceEqual("GNU\0"u8))
                    return Convert.ToHexStringLower(Slice(desc, descSize));
                at = desc + Aligned(descSize);
            }
        }
        return null;
    }

    private static ulong Aligned(ulong size) => (size + 3) & ~3ul;

    private string Text(ulong offset)
    {
        ReadOnlySpan<byte> rest = _file.AsSpan(checked((int)offset));
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
