using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Memcachier.Kernel.Build;

/// <summary>
/// Makes an UEFI application (PE32+, "PE Format", with subsystem 10) of a position-independent ELF64 file that is linked at
/// address 0: a section for each loadable segment, and a base relocation for each R_X86_64_RELATIVE.
/// </summary>
public static class PortableExecutable
{
    private const int PageSize = 0x1000;
    private const int FileAlignment = 0x200;
    private const int DosHeaderLength = 0x40;
    private const int FileHeaderLength = 24;                            // with the signature
    private const int OptionalHeaderLength = 112 + (16 * 8);
    private const int SectionHeaderLength = 40;
    private const int RelocationDirectory = 5;

    private const uint LoadSegment = 1, DynamicSegment = 2;             // PT_LOAD, PT_DYNAMIC
    private const int ElfExecute = 1, ElfWrite = 2;
    private const long DynamicRela = 7, DynamicRelaSize = 8;            // DT_RELA, DT_RELASZ
    private const uint RelocationRelative = 8;                          // R_X86_64_RELATIVE
    private const int RelaLength = 24;

    private const uint ContainsCode = 0x20, ContainsData = 0x40, Discardable = 0x0200_0000;
    private const uint Executable = 0x2000_0000, Readable = 0x4000_0000, Writable = 0x8000_0000;

    /// <summary>Converts a file.</summary>
    /// <exception cref="InvalidDataException">The file has relocations that base relocations cannot say.</exception>
    public static byte[] FromElf(ReadOnlySpan<byte> elf)
    {
        ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(elf[24..]);
        List<Section> sections = ReadSegments(elf, out Range dynamic);
        var relocations = new SortedSet<uint>();
        foreach ((ulong place, ulong value) in ReadRelocations(elf[dynamic], sections))
        {
            Section section = sections.Single(s => place >= s.Address && place + 8 <= s.Address + (ulong)s.Content.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(section.Content.AsSpan((int)(place - section.Address)), value);
            _ = relocations.Add((uint)place);
        }
        uint end = sections.Max(s => AlignUp(s.Address + s.MemoryLength, PageSize));
        byte[] blocks = RelocationBlocks(relocations);
        sections.Add(new Section(".reloc", end, (uint)blocks.Length, blocks, ContainsData | Discardable | Readable));
        return Write(sections, (uint)entry);
    }

    private static List<Section> ReadSegments(ReadOnlySpan<byte> elf, out Range dynamic)
    {
        var sections = new List<Section>();
        dynamic = default;
        int offset = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf[32..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[56..]);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = elf.Slice(offset + (i * 56), 56);
            int flags = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            int start = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            uint address = (uint)BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            uint memoryLength = (uint)BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (type == DynamicSegment) dynamic = start..(start + length);
            if (type != LoadSegment || memoryLength == 0) continue;
            (string name, uint characteristics) = (flags & (ElfExecute | ElfWrite)) switch
            {
                ElfExecute => (".text", ContainsCode | Executable | Readable),
                ElfWrite => (".data", ContainsData | Readable | Writable),
                0 => (".rdata", ContainsData | Readable),
                _ => throw new InvalidDataException("a segment is writable and executable"),
            };
            sections.Add(new Section(name, address, memoryLength, elf.Slice(start, length).ToArray(), characteristics));
        }
        return sections;
    }

    private static List<(ulong Place, ulong Value)> ReadRelocations(ReadOnlySpan<byte> dynamic, List<Section> sections)
    {
        ulong table = 0, length = 0;
        for (; dynamic.Length >= 16; dynamic = dynamic[16..])
        {
            long tag = BinaryPrimitives.ReadInt64LittleEndian(dynamic);
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(dynamic[8..]);
            if (tag == DynamicRela) table = value;
            if (tag == DynamicRelaSize) length = value;
        }
        var relocations = new List<(ulong, ulong)>();
        if (length == 0) return relocations;
        Section home = sections.Single(s => table >= s.Address && table + length <= s.Address + (ulong)s.Content.Length);
        ReadOnlySpan<byte> entries = home.Content.AsSpan((int)(table - home.Address), (int)length);
        for (; entries.Length >= RelaLength; entries = entries[RelaLength..])
        {
            ulong info = BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]);
            if (info != RelocationRelative) throw new InvalidDataException($"relocation {info:x} has no counterpart");
            relocations.Add((BinaryPrimitives.ReadUInt64LittleEndian(entries), BinaryPrimitives.ReadUInt64LittleEndian(entries[16..])));
        }
        return relocations;
    }

    /// <summary>A block for each page: its address, the block's length, and an entry of type 10 (DIR64) for each place.</summary>
    private static byte[] RelocationBlocks(SortedSet<uint> places)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (IGrouping<uint, uint> page in places.GroupBy(place => place & ~(uint)(PageSize - 1)))
        {
            var entries = page.Select(place => (ushort)(0xA000 | (place & (PageSize - 1)))).ToList();
            if (entries.Count % 2 != 0) entries.Add(0);
            writer.Write(page.Key);
            writer.Write(8 + (entries.Count * 2));
            foreach (ushort entry in entries) writer.Write(entry);
        }
        // A table of nothing, so that firmware that takes an image without one for a fixed one moves this, too.
        if (places.Count == 0)
        {
            writer.Write(0);
            writer.Write(8);
        }
        return stream.ToArray();
    }

    private static byte[] Write(List<Section> sections, uint entry)
    {
        int headersLength = DosHeaderLength + FileHeaderLength + OptionalHeaderLength + (sections.Count * SectionHeaderLength);
        uint fileStart = AlignUp((ulong)headersLength, FileAlignment);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((ushort)0x5A4D);                                   // MZ
        writer.Write(new byte[DosHeaderLength - 6]);
        writer.Write(DosHeaderLength);
        writer.Write(0x4550);                                           // PE\0\0
        writer.Write((ushort)0x8664);
        writer.Write((ushort)sections.Count);
        writer.Write(new byte[12]);                                     // no time, no symbols
        writer.Write((ushort)OptionalHeaderLength);
        writer.Write((ushort)0x22);                                     // executable, large addresses
        WriteOptionalHeader(writer, sections, entry, fileStart);

        uint place = fileStart;
        foreach (Section section in sections)
        {
            byte[] name = new byte[8];
            _ = Encoding.ASCII.GetBytes(section.Name, name);
            uint length = AlignUp((ulong)section.Content.Length, FileAlignment);
            writer.Write(name);
            writer.Write(section.MemoryLength);
            writer.Write(section.Address);
            writer.Write(length);
            writer.Write(length == 0 ? 0 : place);
            writer.Write(new byte[12]);
            writer.Write(section.Characteristics);
            place += length;
        }
        foreach (Section section in sections)
        {
            writer.Write(new byte[AlignUp((ulong)stream.Length, FileAlignment) - stream.Length]);
            writer.Write(section.Content);
        }
        writer.Write(new byte[AlignUp((ulong)stream.Length, FileAlignment) - stream.Length]);
        return stream.ToArray();
    }

    private static void WriteOptionalHeader(BinaryWriter writer, List<Section> sections, uint entry, uint headersLength)
    {
        Section relocations = sections[^1];
        writer.Write((ushort)0x20B);                                    // PE32+
        writer.Write((ushort)0);
        writer.Write((uint)sections.Where(s => (s.Characteristics & ContainsCode) != 0).Sum(s => AlignUp((ulong)s.Content.Length, FileAlignment)));
        writer.Write((uint)sections.Where(s => (s.Characteristics & ContainsData) != 0).Sum(s => AlignUp((ulong)s.Content.Length, FileAlignment)));
        writer.Write(0);
        writer.Write(entry);
        writer.Write(sections[0].Address);
        writer.Write(0UL);                                              // the image base: anywhere
        writer.Write(PageSize);
        writer.Write(FileAlignment);
        writer.Write(new byte[16]);                                     // versions
        writer.Write(AlignUp(relocations.Address + (ulong)relocations.MemoryLength, PageSize));
        writer.Write(headersLength);
        writer.Write(0);                                                // no checksum
        writer.Write((ushort)10);                                       // an UEFI application
        writer.Write((ushort)0x160);                                    // moved anywhere, also above 4 GiB; no page of it is written and executed
        writer.Write(new byte[36]);                                     // stacks, heaps, flags: not UEFI's
        writer.Write(16);
        for (int i = 0; i < 16; i++)
        {
            writer.Write(i == RelocationDirectory ? relocations.Address : 0);
            writer.Write(i == RelocationDirectory ? relocations.MemoryLength : 0);
        }
    }

    private static uint AlignUp(ulong value, uint alignment) => (uint)((value + alignment - 1) / alignment * alignment);

    private sealed record Section(string Name, uint Address, uint MemoryLength, byte[] Content, uint Characteristics);
}
