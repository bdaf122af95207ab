using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Memcachier.Kernel.Build;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

public sealed class ElfObjectTests
{
    private const ulong Write = 1;
    private const ulong Allocate = 2;
    private const ulong Execute = 4;

    [Fact]
    public void What_was_added_is_read_back()
    {
        var elf = new ElfObject();
        int text = elf.AddSection(".text", ElfSectionFlags.Allocate | ElfSectionFlags.Execute, 16, [0x90, 0xC3]);
        int data = elf.AddSection(".data", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 4096, new byte[24]);
        _ = elf.AddZeroed(".bss", ElfSectionFlags.Allocate | ElfSectionFlags.Write, 64, 0x5000);
        _ = elf.AddNote(".note", [1, 2, 3, 4]);
        elf.Define("start", text, 1, ElfSymbolType.Function);
        elf.Define("table", data, 8, ElfSymbolType.Object);
        elf.DefineAbsolute("base", 0x20_0000);
        elf.Relocate(data, 0, "elsewhere");
        elf.Relocate(data, 8, "start");
        elf.Relocate(text, 0, "elsewhere");

        var file = new ElfFile(elf.ToBytes());
        Assert.Equal(1, file.Type);                     // ET_REL
        Assert.Equal(62, file.Machine);                 // EM_X86_64
        CheckSection(file, ".text", 1, Allocate | Execute, 16, 2);
        CheckSection(file, ".data", 1, Allocate | Write, 4096, 24);
        CheckSection(file, ".bss", 8, Allocate | Write, 64, 0x5000);
        CheckSection(file, ".note", 7, Allocate, 4, 4);
        Assert.Equal([0x90, 0xC3], file.Content(file.Section(".text")).ToArray());
        Assert.Equal([1, 2, 3, 4], file.Content(file.Section(".note")).ToArray());
        foreach (ElfSection section in file.Sections.Where(section => section.Alignment > 1))
            Assert.Equal(0UL, section.Offset % section.Alignment);

        Assert.Equal(new ElfSymbol("start", 2, 1, text, 1, 0), file.Symbol("start"));
        Assert.Equal(new ElfSymbol("table", 1, 1, data, 8, 0), file.Symbol("table"));
        Assert.Equal(new ElfSymbol("base", 0, 1, 0xFFF1, 0x20_0000, 0), file.Symbol("base"));
        Assert.Equal(new ElfSymbol("elsewhere", 0, 1, 0, 0, 0), file.Symbol("elsewhere"));
        // The first symbol is the null one, and no name is there twice.
        Assert.Equal(new ElfSymbol("", 0, 0, 0, 0, 0), file.Symbols[0]);
        Assert.Equal(5, file.Symbols.Count);
        Assert.Equal([(0UL, "elsewhere", 1u, 0L), (8UL, "start", 1u, 0L)], file.Relocations(file.Section(".data")));
        Assert.Equal([(0UL, "elsewhere", 1u, 0L)], file.Relocations(file.Section(".text")));
    }

    [Fact]
    public void The_tables_are_linked_as_the_abi_says()
    {
        var file = new ElfFile(BootObject.Build());
        int symbols = file.Sections.FindIndex(section => section.Type == 2);
        Assert.Equal(".strtab", file.Sections[file.Sections[symbols].Link].Name);
        Assert.Equal(1, file.Sections[symbols].Info);               // the first that is not local
        foreach (ElfSection relocations in file.Sections.Where(section => section.Type == 4))
        {
            Assert.Equal(symbols, relocations.Link);
            Assert.Equal(".rela" + file.Sections[relocations.Info].Name, relocations.Name);
            Assert.Equal(0x40UL, relocations.Flags);                // SHF_INFO_LINK
        }
        Assert.Equal(0u, file.Sections[0].Type);
    }

    [Fact]
    public void Equal_inputs_give_equal_bytes() => Assert.Equal(BootObject.Build(), BootObject.Build());

    [ProgramFact("readelf")]
    public void Readelf_has_nothing_to_complain_about()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, BootObject.Build());
            var start = new ProcessStartInfo("readelf", ["-aW", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("", errors);
            Assert.Contains("pvh_entry", output, StringComparison.Ordinal);
            Assert.DoesNotContain("arning", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void CheckSection(ElfFile file, string name, uint type, ulong flags, ulong alignment, ulong size)
    {
        ElfSection section = file.Section(name);
        Assert.Equal((type, flags, alignment, size), (section.Type, section.Flags, section.Alignment, section.Size));
    }
}
