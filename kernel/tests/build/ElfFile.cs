using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>
/// Reads ELF64 as the System V ABI describes it, apart from what writes it. Whatever is out of bounds is an exception.
/// </summary>
internal sealed class ElfFile
{
    private readonly byte[] _file;

    public ElfFile(byte[] file)
    {
        _file = file;
        if (!file.AsSpan(0, 7).SequenceEqual((byte[])[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]))
            throw new FormatException("no little-endian ELF64 of version 1");
        Type = Get16(16);
        Machine = Get16(18);
        Entry = Get64(24);
        ReadSections((int)Get64(40), Get16(58), Get16(60), Get16(62));
        ReadSegments((int)Get64(32), Get16(54), Get16(56));
        ReadSymbols();
    }

    public int Type { get; }

    public int Machine { get; }

    public ulong Entry { get; }

    public List<ElfSection> Sections { get; } = [];

    public List<ElfSegment> Segments { get; } = [];

    public List<ElfSymbol> Symbols { get; } = [];

    public ElfSection Section(string name) => Sections.Find(section => section.Name == name)!;

    public ElfSymbol Symbol(string name) => Symbols.Find(symbol => symbol.Name == name)!;

    public ReadOnlySpan<byte> Content(ElfSection section) => _file.AsSpan((int)section.Offset, (int)section.Size);

    /// <summary>The bytes that the file has for an address of the running program.</summary>
    public ReadOnlySpan<byte> At(ulong address, int length)
    {
        foreach (ElfSection section in Sections)
        {
            if (section.Type == 8 || section.Address == 0 || address < section.Address) continue;
            if (address + (ulong)length <= section.Address + section.Size)
            {
                return Content(section).Slice((int)(address - section.Address), length);
            }
        }
        throw new FormatException($"{address:x} has no bytes");
    }

    /// <summary>The relocations of a section: where, which symbol, which kind, plus what.</summary>
    public List<(ulong Offset, string Symbol, uint Type, long Addend)> Relocations(ElfSection section)
    {
        var relocations = new List<(ulong, string, uint, long)>();
        int index = Sections.IndexOf(section);
        foreach (ElfSection table in Sections)
        {
            if (table.Type != 4 || table.Info != index) continue;
            for (int place = (int)table.Offset; place < (int)(table.Offset + table.Size); place += 24)
            {
                ulong info = Get64(place + 8);
                relocations.Add((Get64(place), Symbols[(int)(info >> 32)].Name, (uint)info, (long)Get64(place + 16)));
            }
        }
        return relocations;
    }

    private void ReadSections(int offset, int size, int count, int nameIndex)
    {
        for (int i = 0; i < count; i++)
        {
            int place = offset + (i * size);
            Sections.Add(new ElfSection(
                Get32(place).ToString(CultureInfo.InvariantCulture), Get32(place + 4), Get64(place + 8),
                Get64(place + 16), Get64(place + 24), Get64(place + 32), (int)Get32(place + 40),
                (int)Get32(place + 44), Get64(place + 48)));
        }
        for (int i = 0; i < count; i++)
        {
            int name = int.Parse(Sections[i].Name, CultureInfo.InvariantCulture);
            Sections[i] = Sections[i] with { Name = Text(nameIndex, name) };
        }
    }

    private void ReadSegments(int offset, int size, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int place = offset + (i * size);
            Segments.Add(new ElfSegment(
                Get32(place), Get32(place + 4), Get64(place + 16), Get64(place + 32), Get64(place + 40)));
        }
    }

    private void ReadSymbols()
    {
        foreach (ElfSection table in Sections)
        {
            if (table.Type != 2) continue;
            for (int place = (int)table.Offset; place < (int)(table.Offset + table.Size); place += 24)
            {
                byte info = _file[place + 4];
                Symbols.Add(new ElfSymbol(
                    Text(table.Link, (int)Get32(place)), info & 15, info >> 4, Get16(place + 6), Get64(place + 8),
                    Get64(place + 16)));
            }
        }
    }

    private string Text(int section, int offset)
    {
        int start = (int)Sections[section].Offset + offset;
        int end = Array.IndexOf(_file, (byte)0, start);
        return Encoding.ASCII.GetString(_file, start, end - start);
    }

    private ushort Get16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(offset));

    private uint Get32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(offset));

    private ulong Get64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(offset));
}

internal sealed record ElfSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, int Link, int Info, ulong Alignment);

internal sealed record ElfSegment(uint Type, uint Flags, ulong Address, ulong FileSize, ulong MemorySize);

internal sealed record ElfSymbol(string Name, int Type, int Binding, int Section, ulong Value, ulong Size);
