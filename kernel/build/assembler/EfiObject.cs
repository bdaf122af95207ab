namespace Memcachier.Kernel.Build;

/// <summary>The object file that the linker joins with the UEFI loader's compiled C#.</summary>
public static class EfiObject
{
    public static byte[] Build()
    {
        var elf = new ElfObject();
        EfiRoutines routines = EfiRoutines.Assemble();
        int text = elf.AddSection(".text", ElfSectionFlags.Allocate | ElfSectionFlags.Execute, 16, routines.Bytes);
        foreach ((string name, uint offset) in routines.Symbols) elf.Define(name, text, offset, ElfSymbolType.Function);
        elf.Relocate(text, routines.MainOperand, "efi_main");

        int handover = elf.AddSection(".rodata.handover", ElfSectionFlags.Allocate, 16, HandoverCode.Assemble());
        elf.Define("handover_page", handover, 0, ElfSymbolType.Object);
        elf.Relocate(text, routines.HandoverOperand, "handover_page");
        int data = elf.AddSection(".data.cookie", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 8, new byte[8]);
        elf.Define("__security_cookie", data, 0, ElfSymbolType.Object);
        return elf.ToBytes();
    }
}
