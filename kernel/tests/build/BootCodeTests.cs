using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Iced.Intel;
using Memcachier.Kernel.Build;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

public sealed class BootCodeTests
{
    private readonly BootCode _code = new();

    /// <summary>What runs before and beside C# is reviewed as text.</summary>
    [Fact]
    public void The_disassembly_is_the_reviewed_one()
    {
        Golden.Compare("ring-zero-32.asm", Disassembly.Format(_code.ProtectedMode, _code.Labels));
        Golden.Compare("ring-zero-64.asm", Disassembly.Format(_code.LongMode, _code.Labels));
        Golden.Compare("ring-three.asm", Disassembly.Format(_code.User, _code.UserLabels));
        byte[] handover = HandoverCode.Assemble();
        Golden.Compare("handover-64.asm", Format(handover.AsSpan(0, 0x100), 64, 0));
        Golden.Compare("handover-32.asm", Format(handover.AsSpan(0x180, 0x100), 32, 0x180));
    }

    /// <summary>Code that zeros follow.</summary>
    private static string Format(Span<byte> part, int bitness, ulong address) =>
        Disassembly.Format(Disassembly.Decode(part.TrimEnd((byte)0), bitness, address), new Dictionary<ulong, string>());

    [Fact]
    public void Ring_zero_uses_integer_instructions_only()
    {
        CpuidFeature[] allowed =
        [
            CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386,
            CpuidFeature.INTEL486, CpuidFeature.X64, CpuidFeature.CPUID, CpuidFeature.MSR, CpuidFeature.TSC,
            CpuidFeature.XSAVE, CpuidFeature.RDRAND, CpuidFeature.INTEL8086_ONLY,
        ];
        var factory = new InstructionInfoFactory();
        foreach (Instruction instruction in _code.ProtectedMode.Concat(_code.LongMode))
        {
            Assert.False(instruction.IsInvalid, $"{instruction.IP:x}");
            foreach (CpuidFeature feature in instruction.Code.CpuidFeatures())
                Assert.True(allowed.Contains(feature), $"{instruction.IP:x} {instruction} needs {feature}");
            foreach (UsedRegister register in factory.GetInfo(instruction).GetUsedRegisters())
            {
                Register used = register.Register;
                Assert.False(used.IsVectorRegister() || used.IsST() || used.IsMM(), $"{instruction}");
            }
        }
    }

    [Fact]
    public void Every_branch_of_ring_zero_stays_in_its_part()
    {
        foreach (List<Instruction> part in (List<Instruction>[])[_code.ProtectedMode, _code.LongMode])
        {
            var starts = part.Select(instruction => instruction.IP).ToHashSet();
            foreach (Instruction instruction in part)
            {
                if (instruction.Op0Kind is OpKind.NearBranch32 or OpKind.NearBranch64)
                {
                    Assert.Contains(instruction.NearBranchTarget, starts);
                }
            }
            // Nothing falls out of its end.
            Assert.True(part[^1].FlowControl is FlowControl.UnconditionalBranch or FlowControl.Return);
        }
    }

    [Fact]
    public void Every_service_and_handler_is_an_instruction_of_the_page()
    {
        var starts = _code.LongMode.Select(instruction => instruction.IP).ToHashSet();
        foreach (ulong service in _code.Services) Assert.Contains(service, starts);
        foreach ((ulong address, string name) in _code.Labels)
        {
            if (name != "pvh_entry") Assert.Contains(address, starts);
        }
    }

    [Fact]
    public void Memory_that_ring_zero_names_is_its_own_or_a_register()
    {
        foreach (Instruction instruction in _code.ProtectedMode.Concat(_code.LongMode))
        {
            for (int operand = 0; operand < instruction.OpCount; operand++)
            {
                if (instruction.GetOpKind(operand) != OpKind.Memory || instruction.MemoryBase != Register.None)
                {
                    continue;
                }
                ulong address = instruction.MemoryDisplacement64;
                Assert.InRange(address, RingZeroLayout.CodeBase, RingZeroLayout.ZeroedEnd - 1);
            }
        }
    }

    /// <summary>The one-page budget, and what fills the gaps traps.</summary>
    [Fact]
    public void The_parts_do_not_overlap_and_gaps_trap()
    {
        Assert.Equal(RingZeroLayout.CodeSize, _code.Page.Length);
        Instruction last = _code.LongMode[^1];
        Assert.True(last.NextIP <= RingZeroLayout.CodeBase + 0xF80);
        Assert.Equal(
            -1, _code.Page.AsSpan((int)(last.NextIP - RingZeroLayout.CodeBase)..0xF80).IndexOfAnyExcept((byte)0xCC));
        Assert.Equal(-1, _code.Page.AsSpan(0xF80 + (_code.Services.Length * 8)).IndexOfAnyExcept((byte)0xCC));
        Assert.True(_code.ProtectedMode[^1].NextIP <= RingZeroLayout.CodeBase + 0x200);
    }

    [Fact]
    public void Sealing_is_asked_about_before_what_it_forbids()
    {
        // The one write of CR3 that is not behind the check is the seal itself, which loads what is there already.
        foreach (GateService service in (GateService[])[GateService.LoadPageTables, GateService.WriteMsr])
        {
            List<Instruction> body = Body(service);
            int check = body.FindIndex(
                i => i.Mnemonic == Mnemonic.Cmp && i.MemoryDisplacement64 == RingZeroLayout.SealedFlag);
            int act = body.FindIndex(
                i => i.Mnemonic == Mnemonic.Wrmsr || (i.Mnemonic == Mnemonic.Mov && i.Op0Register == Register.CR3));
            Assert.True(check >= 0 && check < act);
        }
        List<Instruction> seal = Body(GateService.Seal);
        // It is done once: nobody names other ports later.
        Assert.Equal((Mnemonic.Cmp, (ulong)RingZeroLayout.SealedFlag), (seal[0].Mnemonic, seal[0].MemoryDisplacement64));
        Assert.Equal(Mnemonic.Jne, seal[1].Mnemonic);
        // Nothing writes the flag and the ports but the seal.
        Assert.Equal(1u, Assert.Single(WritersOf(RingZeroLayout.SealedFlag)).Immediate32);
        foreach (uint variable in (uint[])[RingZeroLayout.ButtonPort, RingZeroLayout.SwitchPort])
        {
            Instruction port = Assert.Single(WritersOf(variable));
            Assert.Contains(port.IP, seal.Select(i => i.IP));
        }
    }

    private IEnumerable<Instruction> WritersOf(uint variable) => _code.LongMode.Where(
        i => i.Mnemonic == Mnemonic.Mov && i.Op0Kind == OpKind.Memory && i.MemoryDisplacement64 == variable);

    [Fact]
    public void The_feature_table_is_what_the_32_bit_code_walks()
    {
        var table = new CpuFeatureTable(RingZeroLayout.CodeBase + 0x200);
        Assert.Equal(table.Bytes, _code.Page.AsSpan(0x200, table.Bytes.Length).ToArray());
        for (int i = 0; i < CpuFeature.Required.Count; i++)
        {
            CpuFeature feature = CpuFeature.Required[i];
            int row = i * CpuFeatureTable.RowSize;
            Assert.Equal(feature.Leaf, BitConverter.ToUInt32(table.Bytes, row));
            Assert.Equal((int)feature.Register * 4, BitConverter.ToUInt16(table.Bytes, row + 4));
            Assert.Equal(feature.Bit, BitConverter.ToUInt16(table.Bytes, row + 6));
            Assert.Equal(feature.Name, Text(table, BitConverter.ToUInt32(table.Bytes, row + 8)));
        }
        Assert.Equal(0u, BitConverter.ToUInt32(table.Bytes, CpuFeature.Required.Count * CpuFeatureTable.RowSize));
        Assert.Equal("\r\nmemcachier cannot run: this processor lacks ", Text(table, table.Before));
        Assert.Equal("; it takes an x86-64-v3 one (Haswell, Excavator or newer)\r\n", Text(table, table.After));
    }

    /// <summary>The bits of Intel SDM 2A, CPUID, tables 3-10 to 3-12, and of AMD's APM 3, E.4.1.</summary>
    [Theory]
    [InlineData("SSE3", 1u, CpuidRegister.Ecx, 0)]
    [InlineData("SSSE3", 1u, CpuidRegister.Ecx, 9)]
    [InlineData("FMA", 1u, CpuidRegister.Ecx, 12)]
    [InlineData("CMPXCHG16B", 1u, CpuidRegister.Ecx, 13)]
    [InlineData("SSE4.1", 1u, CpuidRegister.Ecx, 19)]
    [InlineData("SSE4.2", 1u, CpuidRegister.Ecx, 20)]
    [InlineData("MOVBE", 1u, CpuidRegister.Ecx, 22)]
    [InlineData("POPCNT", 1u, CpuidRegister.Ecx, 23)]
    [InlineData("XSAVE", 1u, CpuidRegister.Ecx, 26)]
    [InlineData("AVX", 1u, CpuidRegister.Ecx, 28)]
    [InlineData("F16C", 1u, CpuidRegister.Ecx, 29)]
    [InlineData("BMI1", 7u, CpuidRegister.Ebx, 3)]
    [InlineData("AVX2", 7u, CpuidRegister.Ebx, 5)]
    [InlineData("BMI2", 7u, CpuidRegister.Ebx, 8)]
    [InlineData("no-execute pages", 0x8000_0001u, CpuidRegister.Edx, 20)]
    [InlineData("long mode", 0x8000_0001u, CpuidRegister.Edx, 29)]
    public void Each_feature_is_where_the_manual_says(string name, uint leaf, CpuidRegister register, int bit)
    {
        CpuFeature feature = Assert.Single(CpuFeature.Required, feature => feature.Name == name);
        Assert.Equal((leaf, register, bit), (feature.Leaf, feature.Register, feature.Bit));
        Assert.Equal(16, CpuFeature.Required.Count);
    }

    [Fact]
    public void The_pvh_note_names_the_entry()
    {
        ElfSection note = _code.File.Section(".note.Xen");
        Assert.Equal(7u, note.Type);
        byte[] content = _code.File.Content(note).ToArray();
        Assert.Equal(4u, BitConverter.ToUInt32(content, 0));
        Assert.Equal(4u, BitConverter.ToUInt32(content, 4));
        Assert.Equal(18u, BitConverter.ToUInt32(content, 8));           // XEN_ELFNOTE_PHYS32_ENTRY
        Assert.Equal("Xen\0", Encoding.ASCII.GetString(content, 12, 4));
        Assert.Equal(0x10_0000u, BitConverter.ToUInt32(content, 16));
        Assert.Equal(20, content.Length);
    }

    private List<Instruction> Body(GateService service)
    {
        int start = _code.LongMode.FindIndex(instruction => instruction.IP == _code.Services[(int)service]);
        int end = _code.LongMode.FindIndex(start, instruction => instruction.Mnemonic == Mnemonic.Iretq);
        return _code.LongMode.GetRange(start, end - start + 1);
    }

    private static string Text(CpuFeatureTable table, uint address)
    {
        int start = (int)(address - table.Start);
        return Encoding.ASCII.GetString(table.Bytes, start, Array.IndexOf(table.Bytes, (byte)0, start) - start);
    }
}
