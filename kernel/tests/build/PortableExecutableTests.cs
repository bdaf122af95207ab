using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Reflection.PortableExecutable;
using Memcachier.Kernel.Build;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>Judged by .NET's own reader of such files, and where that does not look, by the format's text.</summary>
public sealed class PortableExecutableTests
{
    private const ulong Code = 0x1000, Constants = 0x3000, Data = 0x4000;
    private const uint Entry = 0x1010;

    [Fact]
    public void It_is_an_UEFI_application_that_can_lie_anywhere()
    {
        byte[] file = PortableExecutable.FromElf(SampleElf());
        using var reader = new PEReader(new MemoryStream(file));
        PEHeader header = reader.PEHeaders.PEHeader!;
        Assert.Equal(Machine.Amd64, reader.PEHeaders.CoffHeader.Machine);
        Assert.Equal(Characteristics.ExecutableImage | Characteristics.LargeAddressAware, reader.PEHeaders.CoffHeader.Characteristics);
        Assert.Equal(0, reader.PEHeaders.CoffHeader.TimeDateStamp);
        Assert.Equal((PEMagic.PE32Plus, Subsystem.EfiApplication), (header.Magic, header.Subsystem));
        Assert.Equal((0UL, (int)Entry, 0x1000, 0x200), (header.ImageBase, header.AddressOfEntryPoint, header.SectionAlignment, header.FileAlignment));
        const DllCharacteristics Anywhere = DllCharacteristics.HighEntropyVirtualAddressSpace | DllCharacteristics.DynamicBase
            | DllCharacteristics.NxCompatible;
        Assert.Equal(Anywhere, header.DllCharacteristics);
        Assert.Equal(0x7000, header.SizeOfImage);
    }

    [Fact]
    public void Each_segment_is_a_section_and_none_is_written_and_executed()
    {
        byte[] file = PortableExecutable.FromElf(SampleElf());
        using var reader = new PEReader(new MemoryStream(file));
        var sections = reader.PEHeaders.SectionHeaders;
        Assert.Equal([".text", ".rdata", ".data", ".reloc"], sections.Select(s => s.Name));
        Assert.Equal([(int)Code, (int)Constants, (int)Data, 0x6000], sections.Select(s => s.VirtualAddress));
        Assert.Equal([0x40, 0x40, 0x1080, 12], sections.Select(s => s.VirtualSize));
        foreach (SectionHeader section in sections)
        {
            Assert.Equal(0, section.PointerToRawData % 0x200);
            Assert.Equal(0, section.SizeOfRawData % 0x200);
            Assert.InRange(section.PointerToRawData + section.SizeOfRawData, 0, file.Length);
            bool isWritten = section.SectionCharacteristics.HasFlag(SectionCharacteristics.MemWrite);
            bool isExecuted = section.SectionCharacteristics.HasFlag(SectionCharacteristics.MemExecute);
            Assert.Equal((section.Name == ".data", section.Name == ".text"), (isWritten, isExecuted));
        }
        Assert.Equal(Enumerable.Repeat((byte)0xC1, 0x40), reader.GetSectionData((int)Code).GetContent(0, 0x40));
    }

    [Fact]
    public void Each_relocation_is_named_and_its_place_has_the_address_it_had()
    {
        byte[] file = PortableExecutable.FromElf(SampleElf());
        using var reader = new PEReader(new MemoryStream(file));
        DirectoryEntry directory = reader.PEHeaders.PEHeader!.BaseRelocationTableDirectory;
        Assert.Equal((0x6000, 12), (directory.RelativeVirtualAddress, directory.Size));
        byte[] block = [.. reader.GetSectionData(0x6000).GetContent(0, 12)];
        Assert.Equal(((uint)Data, 12u), (BitConverter.ToUInt32(block), BitConverter.ToUInt32(block, 4)));
        Assert.Equal((0xA008, 0xA020), (BitConverter.ToUInt16(block, 8), BitConverter.ToUInt16(block, 10)));
        byte[] data = [.. reader.GetSectionData((int)Data).GetContent(0, 0x40)];
        Assert.Equal((Code + 4, Constants + 8), (BitConverter.ToUInt64(data, 8), BitConverter.ToUInt64(data, 0x20)));
    }

    [Fact]
    public void What_it_cannot_say_is_refused()
    {
        byte[] elf = SampleElf();
        BinaryPrimitives.WriteUInt64LittleEndian(elf.AsSpan(0x2000 + 0x10 + 8), 6);          // R_X86_64_GLOB_DAT
        _ = Assert.Throws<InvalidDataException>(() => PortableExecutable.FromElf(elf));
        elf = SampleElf();
        elf[64 + 4] = 7;                                                                    // read, written, executed
        _ = Assert.Throws<InvalidDataException>(() => PortableExecutable.FromElf(elf));
    }

    /// <summary>Code, constants with two relocations, data and 4 KiB of zeros.</summary>
    private static byte[] SampleElf()
    {
        byte[] elf = new byte[0x4000];
        void Put(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(elf.AsSpan(offset), value);
        void Header(int index, uint type, uint flags, ulong offset, ulong address, ulong fileLength, ulong length)
        {
            int place = 64 + (index * 56);
            Put(place, type | ((ulong)flags << 32));
            Put(place + 8, offset);
            Put(place + 16, address);
            Put(place + 32, fileLength);
            Put(place + 40, length);
        }
        Put(24, Entry);
        Put(32, 64);
        elf[56] = 4;
        Header(0, 1, 5, 0x1000, Code, 0x40, 0x40);
        Header(1, 1, 4, 0x2000, Constants, 0x40, 0x40);
        Header(2, 1, 6, 0x3000, Data, 0x80, 0x1080);
        Header(3, 2, 6, 0x3040, Data + 0x40, 0x30, 0x30);
        elf.AsSpan(0x1000, 0x40).Fill(0xC1);
        Put(0x2010, Data + 8);                          // the table of relocations: place, kind, value
        Put(0x2018, 8);
        Put(0x2020, Code + 4);
        Put(0x2028, Data + 0x20);
        Put(0x2030, 8);
        Put(0x2038, Constants + 8);
        Put(0x3040, 7);                                 // DT_RELA
        Put(0x3048, Constants + 0x10);
        Put(0x3050, 8);                                 // DT_RELASZ
        Put(0x3058, 48);
        return elf;
    }
}
