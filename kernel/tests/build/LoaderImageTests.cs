using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Iced.Intel;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>The loaders as they were linked. They say that the processor is too old for the kernel, so they run on old ones.</summary>
public sealed class LoaderImageTests
{
    /// <summary>What every 64-bit processor has (System V ABI, x86-64-v1), and what is asked for before it is used.</summary>
    private static readonly CpuidFeature[] s_allowed =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.X64, CpuidFeature.CMOV, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.CPUID, CpuidFeature.MSR,
        CpuidFeature.TSC, CpuidFeature.MULTIBYTENOP,
    ];

    [LoaderTheory]
    [InlineData("Memcachier.Bios.Image")]
    [InlineData("Memcachier.Uefi.Image")]
    public void A_loader_is_compiled_for_any_64_bit_processor(string project)
    {
        var file = new ElfFile(File.ReadAllBytes(LoaderTheoryAttribute.PathOf(project)));
        ElfSection text = file.Section(".text");
        List<Instruction> code = Disassembly.Decode(file.Content(text), 64, text.Address);
        Assert.True(code.Count > 1000);
        foreach (Instruction instruction in code)
        {
            Assert.False(instruction.IsInvalid, $"{instruction.IP:x}");
            foreach (CpuidFeature feature in instruction.Code.CpuidFeatures())
                Assert.True(s_allowed.Contains(feature), $"{instruction.IP:x} {instruction} needs {feature}");
        }
    }

    /// <summary>A method that the compiler should have replaced by an instruction, but did not, calls itself for ever.</summary>
    [LoaderTheory]
    [InlineData("Memcachier.Bios.Image")]
    [InlineData("Memcachier.Uefi.Image")]
    public void A_loader_has_no_method_that_is_an_instruction_elsewhere(string project)
    {
        var file = new ElfFile(File.ReadAllBytes(LoaderTheoryAttribute.PathOf(project)));
        string[] names = [.. file.Symbols.Select(symbol => symbol.Name).Where(name => name.Length > 0)];
        Assert.Contains(names, name => name.Contains("SpanHelpers", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("Intrinsics", StringComparison.Ordinal));
        // What is left of one that was inlined where the instruction does not exist.
        Assert.DoesNotContain(names, name => name.Contains("PlatformNotSupported", StringComparison.Ordinal));
    }

    /// <summary>A test that looks at the built loaders; without them it is skipped.</summary>
    private sealed class LoaderTheoryAttribute : TheoryAttribute
    {
        public LoaderTheoryAttribute()
        {
            if (!File.Exists(PathOf("Memcachier.Bios.Image")) || !File.Exists(PathOf("Memcachier.Uefi.Image")))
                Skip = "the loaders are not built: ./memcachier build";
        }

        public static string PathOf(string project) =>
            Path.Combine(SourceTree.Root, "out", "dotnet", "obj", project, "release", "linked.elf");
    }
}
