using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using Memcachier.Cli;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// A kernel for QEMU that is nothing but a PVH loader for the image, which QEMU has put into memory beside it: it points EBX
/// at a start info of the test's and jumps to the image's entry. So the image can be told anything at all.
/// </summary>
internal sealed class HostileLoader
{
    /// <summary>Where this program, and what it hands over, is: in the middle of 128 MiB, away from the image.</summary>
    public const ulong Base = 0x300_0000;

    /// <summary>The kinds of entry (Xen's hvm_memmap_table_entry).</summary>
    public const uint Ram = 1, Reserved = 2;

    private const int NoteOffset = 0xC0, NoteLength = 20;
    private const int EntryOffset = 0x100, InfoOffset = 0x140, LineOffset = 0x200;
    private const int LineLengthMax = 0x3000, MapOffset = 0x4000, EntrySize = 24;
    private const uint EntryNote = 18;                                  // XEN_ELFNOTE_PHYS32_ENTRY

    /// <summary>The entries of the memory map.</summary>
    public List<(ulong Start, ulong Length, uint Type)> Map { get; } =
        [(0, 0x9_FC00, Ram), (0x9_FC00, 0x6_0400, Reserved), (0x10_0000, 0x7EE_0000, Ram), (0x7FE_0000, 0x2_0000, Reserved)];

    public byte[] CommandLine { get; set; } = [];

    public uint Magic { get; set; } = 0x336E_C578;

    public uint Version { get; set; } = 1;

    /// <summary>0 lets the image look for the tables of the real firmware.</summary>
    public ulong RsdpAddress { get; set; }

    /// <summary>What EBX is; null for the start info.</summary>
    public uint? StartInfo { get; set; }

    /// <summary>What the start info says is the number of entries; null for the truth.</summary>
    public uint? MapCount { get; set; }

    /// <summary>What it says is the map's address, or the command line's; null for the truth.</summary>
    public ulong? MapAddress { get; set; }

    /// <inheritdoc cref="MapAddress"/>
    public ulong? CommandLineAddress { get; set; }

    /// <summary>Something else in memory, behind the map: its address is <see cref="DataAddress"/>.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>Where <see cref="Data"/> will be, given the map as it is.</summary>
    public ulong DataAddress => Base + (ulong)DataOffset;

    private int DataOffset => (MapOffset + (Map.Count * EntrySize) + 15) & ~15;

    /// <summary>QEMU's arguments that boot the image with it.</summary>
    public IEnumerable<string> Arguments(DirectoryInfo directory)
    {
        string file = Path.Combine(directory.FullName, "loader.elf");
        string image = Repository.Find().Image;
        File.WriteAllBytes(file, Build(EntryOf(File.ReadAllBytes(image))));
        return ["-kernel", file, "-device", $"loader,file={image}"];
    }

    private byte[] Build(uint imageEntry)
    {
        byte[] file = new byte[DataOffset + Data.Length];
        Code(imageEntry).CopyTo(file, EntryOffset);
        Put64(file, InfoOffset, Magic | (ulong)Version << 32);
        Put64(file, InfoOffset + 24, CommandLineAddress ?? Base + LineOffset);
        Put64(file, InfoOffset + 32, RsdpAddress);
        Put64(file, InfoOffset + 40, MapAddress ?? Base + MapOffset);
        Put64(file, InfoOffset + 48, MapCount ?? (uint)Map.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CommandLine.Length, LineLengthMax);
        CommandLine.CopyTo(file, LineOffset);
        for (int i = 0; i < Map.Count; i++)
        {
            Put64(file, MapOffset + (i * EntrySize), Map[i].Start);
            Put64(file, MapOffset + (i * EntrySize) + 8, Map[i].Length);
            Put64(file, MapOffset + (i * EntrySize) + 16, Map[i].Type);
        }
        Data.CopyTo(file, DataOffset);
        WriteHeaders(file);
        return file;
    }

    private byte[] Code(uint imageEntry)
    {
        var code = new Assembler(32);
        code.mov(ebx, StartInfo ?? (uint)Base + InfoOffset);
        code.mov(eax, imageEntry);
        code.jmp(eax);
        using var stream = new MemoryStream();
        _ = code.Assemble(new StreamCodeWriter(stream), Base + EntryOffset);
        return stream.ToArray();
    }

    private static void WriteHeaders(byte[] file)
    {
        "\u007FELF"u8.CopyTo(file);
        file[4] = 2;                                                    // 64 bits
        file[5] = 1;                                                    // little-endian
        file[6] = 1;
        Put64(file, 0x10, 2 | 62 << 16 | 1UL << 32);                    // EXEC, x86-64, version 1
        Put64(file, 0x18, Base + EntryOffset);
        Put64(file, 0x20, 0x40);                                        // program headers
        Put64(file, 0x34, 64 | 56 << 16 | 2UL << 32);                   // sizes, two of them
        PutSegment(file, 0x40, type: 1, flags: 7, offset: 0, file.Length, alignment: 0x1000);
        PutSegment(file, 0x78, type: 4, flags: 4, NoteOffset, NoteLength, alignment: 4);
        Put64(file, NoteOffset, 4 | 4UL << 32);
        Put64(file, NoteOffset + 8, EntryNote | (ulong)BinaryPrimitives.ReadUInt32LittleEndian("Xen\0"u8) << 32);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(NoteOffset + 16), (uint)Base + EntryOffset);
    }

    private static void PutSegment(byte[] file, int at, uint type, uint flags, int offset, int length, ulong alignment)
    {
        Put64(file, at, type | (ulong)flags << 32);
        Put64(file, at + 8, (ulong)offset);
        Put64(file, at + 16, Base + (ulong)offset);
        Put64(file, at + 24, Base + (ulong)offset);
        Put64(file, at + 32, (ulong)length);
        Put64(file, at + 40, (ulong)length);
        Put64(file, at + 48, alignment);
    }

    /// <summary>The entry that the image's own PVH note names.</summary>
    private static uint EntryOf(byte[] image)
    {
        byte[] head = new byte[16];
        Put64(head, 0, 4 | 4UL << 32);
        Put64(head, 8, EntryNote | (ulong)BinaryPrimitives.ReadUInt32LittleEndian("Xen\0"u8) << 32);
        int note = image.AsSpan().IndexOf(head);
        return BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(note + 16));
    }

    private static void Put64(byte[] file, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
}
