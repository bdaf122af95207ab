using System;
using System.Text;

namespace Memcachier.Kernel.Build;

/// <summary>The object file that the linker joins with the compiled C#: sections, symbols and the PVH note.</summary>
public static class BootObject
{
    /// <summary>QEMU's isa-debug-exit device, where it exists: writing v ends QEMU with status v * 2 + 1.</summary>
    public const int DebugExitPort = 0xF4;
    public const int DebugExitCrash = 0x11;

    private const uint FeatureTableOffset = 0x200;
    private const uint LongModeOffset = 0x500;
    private const uint XenElfNotePhys32Entry = 18;

    // What ring 0 needs to know of the C# side; the order is LongModeCode's.
    private static readonly string[] s_linkNames =
        ["kernel_main", "__main_stack_top", "kernel_fault", "__fault_stack_top", "__bss_start", "__bss_end", "__security_cookie"];

    // kernel/arch/x64/ImageLayout.cs has a field for each, in this order.
    private static readonly string[] s_layoutNames =
    [
        "__text_start", "__text_end", "__rodata_start", "__rodata_end", "__data_start", "__main_stack_guard",
        "__fault_stack_guard", "__image_end", "__build_id_start", "__build_id_end",
    ];

    public static byte[] Build()
    {
        var elf = new ElfObject();
        LongModeCode longMode = LongModeCode.Assemble(RingZeroLayout.CodeBase + LongModeOffset);
        var features = new CpuFeatureTable(RingZeroLayout.CodeBase + FeatureTableOffset);
        byte[] protectedMode = ProtectedModeCode.Assemble(RingZeroLayout.CodeBase, features, longMode.Entry);

        int code = elf.AddSection(".boot.code", ElfSectionFlags.Allocate | ElfSectionFlags.Execute, 4096,
            CodePage(protectedMode, features.Bytes, longMode.Bytes));
        elf.Define("pvh_entry", code, 0, ElfSymbolType.Function);
        elf.Define("long_mode_entry", code, longMode.Entry - RingZeroLayout.CodeBase, ElfSymbolType.Function);
        elf.Define("gate", code, longMode.Handlers[Vectors.Breakpoint] - RingZeroLayout.CodeBase, ElfSymbolType.Function);

        int descriptors = elf.AddSection(".boot.descriptors", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 4096,
            DescriptorTables.DescriptorPage());
        for (int i = 0; i < s_linkNames.Length; i++)
        {
            elf.Relocate(descriptors, (int)(RingZeroLayout.Links - RingZeroLayout.DescriptorBase) + (i * 8), s_linkNames[i]);
        }
        int idt = elf.AddSection(".boot.idt", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 4096,
            DescriptorTables.Idt(longMode.Handlers));
        elf.Define("idt", idt, 0, ElfSymbolType.Object);
        _ = elf.AddZeroed(".boot.zeroed", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 4096,
            (int)(RingZeroLayout.ZeroedEnd - RingZeroLayout.DescriptorEnd));

        UserRoutines routines = UserRoutines.Assemble();
        int userText = elf.AddSection(".text", ElfSectionFlags.Allocate | ElfSectionFlags.Execute, 16, routines.Bytes);
        foreach ((string name, uint offset) in routines.Symbols) elf.Define(name, userText, offset, ElfSymbolType.Function);

        int layout = elf.AddSection(".rodata.layout", ElfSectionFlags.Allocate, 8, new byte[s_layoutNames.Length * 8]);
        for (int i = 0; i < s_layoutNames.Length; i++) elf.Relocate(layout, i * 8, s_layoutNames[i]);
        elf.Define("image_layout_table", layout, 0, ElfSymbolType.Object);
        elf.Relocate(userText, routines.LayoutTableOperand, "image_layout_table");

        int data = elf.AddSection(".data.cookie", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 8, new byte[8]);
        elf.Define("__security_cookie", data, 0, ElfSymbolType.Object);
        _ = elf.AddNote(".note.Xen", PvhNote());
        elf.DefineAbsolute("__ring_zero_base", RingZeroLayout.CodeBase);
        elf.DefineAbsolute("__ring_zero_idt", RingZeroLayout.Idt);
        elf.DefineAbsolute("__image_base", RingZeroLayout.ImageBase);
        return elf.ToBytes();
    }

    private static byte[] CodePage(byte[] protectedMode, byte[] features, byte[] longMode)
    {
        if (protectedMode.Length > FeatureTableOffset || FeatureTableOffset + features.Length > LongModeOffset)
        {
            throw new InvalidOperationException("the parts of ring 0's code page overlap");
        }
        byte[] page = new byte[RingZeroLayout.CodeSize];
        Array.Fill(page, (byte)0xCC);
        protectedMode.CopyTo(page, 0);
        features.CopyTo(page, (int)FeatureTableOffset);
        longMode.CopyTo(page, (int)LongModeOffset);
        return page;
    }

    /// <summary>Name size, descriptor size, type, "Xen", entry address (ELF note, 4-byte fields).</summary>
    private static byte[] PvhNote() =>
    [
        .. BitConverter.GetBytes(4),
        .. BitConverter.GetBytes(4),
        .. BitConverter.GetBytes(XenElfNotePhys32Entry),
        .. Encoding.ASCII.GetBytes("Xen\0"),
        .. BitConverter.GetBytes(RingZeroLayout.CodeBase),
    ];
}
