using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Memcachier.Kernel.Build;

/// <summary>
/// A relocatable ELF64 file for x86-64 (System V ABI, "Object Files"): sections, global symbols and 64-bit absolute
/// relocations, which is all the boot code needs. The bytes depend on nothing but what was added.
/// </summary>
public sealed class ElfObject
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int RelaSize = 24;
    private const ushort AbsoluteIndex = 0xFFF1;      // SHN_ABS
    private const uint RelocationAbsolute64 = 1;      // R_X86_64_64

    private readonly List<Section> _sections = [];
    private readonly List<Symbol> _symbols = [];

    /// <summary>Adds a section whose bytes are in the file.</summary>
    /// <returns>What symbols and relocations name it by.</returns>
    public int AddSection(string name, ElfSectionFlags flags, int alignment, byte[] content) =>
        Add(new Section(name, 1, flags, alignment, content, content?.Length ?? 0));   // SHT_PROGBITS

    /// <summary>Adds a note section (SHT_NOTE).</summary>
    public int AddNote(string name, byte[] content) =>
        Add(new Section(name, 7, ElfSectionFlags.Allocate, 4, content, content?.Length ?? 0));

    /// <summary>Adds a section that is zero at start and has no bytes in the file (SHT_NOBITS).</summary>
    public int AddZeroed(string name, ElfSectionFlags flags, int alignment, int size) =>
        Add(new Section(name, 8, flags, alignment, [], size));

    /// <summary>Defines a global symbol in a section.</summary>
    public void Define(string name, int section, ulong offset, ElfSymbolType type) =>
        _symbols.Add(new Symbol(name, (ushort)section, offset, type));

    /// <summary>Defines a global symbol with a value of its own.</summary>
    public void DefineAbsolute(string name, ulong value) =>
        _symbols.Add(new Symbol(name, AbsoluteIndex, value, ElfSymbolType.None));

    /// <summary>Makes the linker write the address of <paramref name="symbol"/> into 8 bytes of a section.</summary>
    public void Relocate(int section, int offset, string symbol)
    {
        if (!_symbols.Any(s => s.Name == symbol)) _symbols.Add(new Symbol(symbol, 0, 0, ElfSymbolType.None));
        _sections[section - 1].Relocations.Add((offset, _symbols.FindIndex(s => s.Name == symbol)));
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        var names = new StringTable();
        var symbolNames = new StringTable();
        using var body = new MemoryStream();
        var headers = new List<byte[]> { new byte[SectionHeaderSize] };
        Section[] withRelocations = [.. _sections.Where(s => s.Relocations.Count > 0)];
        int symbolTableIndex = 1 + _sections.Count + withRelocations.Length;

        foreach (Section section in _sections)
        {
            long offset = Append(body, section.Content, section.Alignment);
            headers.Add(Header(names.Add(section.Name), section.Type, (ulong)section.Flags, offset, section.Size, 0, 0,
                section.Alignment, 0));
        }
        foreach (Section section in withRelocations)
        {
            long offset = Append(body, Relocations(section), 8);
            headers.Add(Header(names.Add(".rela" + section.Name), 4, 0x40, offset, section.Relocations.Count * RelaSize,
                symbolTableIndex, 1 + _sections.IndexOf(section), 8, RelaSize));                    // SHT_RELA, INFO_LINK
        }
        byte[] symbols = Symbols(symbolNames);
        headers.Add(Header(names.Add(".symtab"), 2, 0, Append(body, symbols, 8), symbols.Length, symbolTableIndex + 1, 1,
            8, SymbolSize));
        byte[] text = symbolNames.ToBytes();
        headers.Add(Header(names.Add(".strtab"), 3, 0, Append(body, text, 1), text.Length, 0, 0, 1, 0));
        int sectionNames = names.Add(".shstrtab");
        text = names.ToBytes();
        headers.Add(Header(sectionNames, 3, 0, Append(body, text, 1), text.Length, 0, 0, 1, 0));

        long headersOffset = Append(body, [], 8);
        foreach (byte[] header in headers) body.Write(header);
        return [.. FileHeader(headersOffset, headers.Count), .. body.ToArray()];
    }

    private static byte[] FileHeader(long sectionHeaders, int sectionCount)
    {
        byte[] header = new byte[HeaderSize];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(header, 0);   // 64-bit, little-endian, version 1
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), 1);                    // ET_REL
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), 62);                   // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), (ulong)sectionHeaders);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(58), SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(60), (ushort)sectionCount);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(62), (ushort)(sectionCount - 1));
        return header;
    }

    private static byte[] Header(int name, uint type, ulong flags, long offset, long size, int link, int info,
        int alignment, int entrySize)
    {
        byte[] header = new byte[SectionHeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)name);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), type);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), (ulong)size);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), (uint)link);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(44), (uint)info);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(48), (ulong)alignment);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(56), (ulong)entrySize);
        return header;
    }

    /// <returns>The offset in the file, which starts with the header that <paramref name="body"/> lacks.</returns>
    private static long Append(MemoryStream body, byte[] content, int alignment)
    {
        while ((HeaderSize + body.Length) % alignment != 0) body.WriteByte(0);
        long offset = HeaderSize + body.Length;
        body.Write(content);
        return offset;
    }

    private static byte[] Relocations(Section section)
    {
        byte[] table = new byte[section.Relocations.Count * RelaSize];
        for (int i = 0; i < section.Relocations.Count; i++)
        {
            Span<byte> entry = table.AsSpan(i * RelaSize, RelaSize);
            (int offset, int symbol) = section.Relocations[i];
            BinaryPrimitives.WriteUInt64LittleEndian(entry, (ulong)offset);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], ((ulong)(symbol + 1) << 32) | RelocationAbsolute64);
        }
        return table;
    }

    private byte[] Symbols(StringTable names)
    {
        byte[] table = new byte[(1 + _symbols.Count) * SymbolSize];
        for (int i = 0; i < _symbols.Count; i++)
        {
            Span<byte> entry = table.AsSpan((i + 1) * SymbolSize, SymbolSize);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)names.Add(_symbols[i].Name));
            entry[4] = (byte)(0x10 | (int)_symbols[i].Type);                                // STB_GLOBAL
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], _symbols[i].Section);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], _symbols[i].Value);
        }
        return table;
    }

    private int Add(Section section)
    {
        _sections.Add(section);
        return _sections.Count;
    }

    private sealed record Section(string Name, uint Type, ElfSectionFlags Flags, int Alignment, byte[] Content, int Size)
    {
        public List<(int Offset, int Symbol)> Relocations { get; } = [];
    }

    private sealed record Symbol(string Name, ushort Section, ulong Value, ElfSymbolType Type);

    private sealed class StringTable
    {
        private readonly List<byte> _text = [0];

        public int Add(string text)
        {
            int offset = _text.Count;
            _text.AddRange(Encoding.ASCII.GetBytes(text));
            _text.Add(0);
            return offset;
        }

        public byte[] ToBytes() => [.. _text];
    }
}
