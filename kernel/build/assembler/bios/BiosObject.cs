using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Build;

/// <summary>The object file that the linker joins with the BIOS loader's compiled C#.</summary>
public static class BiosObject
{
    private const uint MxCsrDefault = 0x1F80;
    private const int RealIdtLimit = 0x3FF;
    private const int GateSize = 16;

    /// <summary>What the code needs to know of the C# side.</summary>
    internal static readonly string[] LinkNames =
        ["loader_main", "loader_fault", "__bss_start", "__bss_end", "__security_cookie"];

    public static byte[] Build()
    {
        var elf = new ElfObject();
        BiosCode code = BiosCode.Assemble();
        const ElfSectionFlags Writable = ElfSectionFlags.Allocate | ElfSectionFlags.Write;
        int text = elf.AddSection(".boot.code", ElfSectionFlags.Allocate | ElfSectionFlags.Execute, BiosLayout.PageSize,
            code.Page.ToArray());
        elf.Define("bios_entry", text, 0, ElfSymbolType.Function);
        foreach ((string name, uint address) in code.Symbols)
        {
            elf.Define(name, text, address - BiosLayout.CodeBase, ElfSymbolType.Function);
        }
        int cookie = elf.AddSection(".data.cookie", Writable, 8, new byte[8]);
        elf.Define("__security_cookie", cookie, 0, ElfSymbolType.Object);
        int data = elf.AddSection(".boot.data", Writable, BiosLayout.PageSize, DataPage(code));
        for (int i = 0; i < LinkNames.Length; i++)
        {
            elf.Relocate(data, (int)(BiosLayout.Links - BiosLayout.DataBase) + (i * 8), LinkNames[i]);
        }
        _ = elf.AddSection(".boot.handover", Writable | ElfSectionFlags.Execute, BiosLayout.PageSize, HandoverCode.Assemble());
        elf.DefineAbsolute("__bios_code", BiosLayout.CodeBase);
        elf.DefineAbsolute("__bios_data", BiosLayout.DataBase);
        elf.DefineAbsolute("__bios_handover", BiosLayout.Handover);
        elf.DefineAbsolute("__bios_image", BiosLayout.ImageBase);
        elf.DefineAbsolute("__bios_limit", BiosLayout.ImageLimit);
        return elf.ToBytes();
    }

    private static byte[] DataPage(BiosCode code)
    {
        byte[] page = new byte[BiosLayout.PageSize];
        Put64(page, BiosLayout.Gdt + BiosSelectors.Code32, 0x00CF_9B00_0000_FFFF);
        Put64(page, BiosLayout.Gdt + BiosSelectors.Code64, 0x00AF_9B00_0000_FFFF);
        Put64(page, BiosLayout.Gdt + BiosSelectors.Data32, 0x00CF_9300_0000_FFFF);
        Put64(page, BiosLayout.Gdt + BiosSelectors.Code16, 0x0000_9B00_0000_FFFF);
        Put64(page, BiosLayout.Gdt + BiosSelectors.Data16, 0x0000_9300_0000_FFFF);
        PutTable(page, BiosLayout.Gdtr, BiosSelectors.TableLength - 1, BiosLayout.Gdt);
        PutTable(page, BiosLayout.Idtr, (Vectors.ExceptionCount * GateSize) - 1, BiosLayout.Idt);
        PutTable(page, BiosLayout.RealIdtr, RealIdtLimit, 0);
        Put64(page, BiosLayout.StackPointer, BiosLayout.StackTop);
        Put64(page, BiosLayout.Resume, code.FirstResume);
        Put64(page, BiosLayout.MxCsr, MxCsrDefault);
        BiosConsole.Message("this processor has no 64-bit mode; it takes an x86-64-v3 one (Haswell, Excavator or newer)")
            .CopyTo(page, BiosLayout.NoLongModeText - BiosLayout.DataBase);
        for (int vector = 0; vector < Vectors.ExceptionCount; vector++)
        {
            uint gate = BiosLayout.Idt + ((uint)vector * GateSize);
            uint handler = code.Handlers[vector];
            // Present, 64-bit interrupt gate (SDM 3A §7.14.1); all handlers lie below 64 KiB.
            Put64(page, gate, (handler & 0xFFFF) | BiosSelectors.Code64 << 16 | 0x8E00UL << 32);
        }
        return page;
    }

    private static void Put64(byte[] page, uint address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan((int)(address - BiosLayout.DataBase)), value);

    /// <summary>The operand of LGDT or LIDT.</summary>
    private static void PutTable(byte[] page, uint address, int limit, uint start)
    {
        Span<byte> operand = page.AsSpan((int)(address - BiosLayout.DataBase));
        BinaryPrimitives.WriteUInt16LittleEndian(operand, (ushort)limit);
        BinaryPrimitives.WriteUInt64LittleEndian(operand[2..], start);
    }
}
