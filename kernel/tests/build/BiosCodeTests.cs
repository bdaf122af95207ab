using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Iced.Intel;
using Memcachier.Kernel.Build;
using Memcachier.Kernel.Loader;
using Memcachier.Kernel.Loader.Bios;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>The BIOS loader's code: the boot sector, and what leads to C# and from there to the firmware.</summary>
public sealed class BiosCodeTests
{
    private const byte Filler = 0xCC;

    private readonly ElfFile _file = new(BiosObject.Build());
    private readonly byte[] _page;

    public BiosCodeTests() => _page = _file.Content(_file.Section(".boot.code")).ToArray();

    /// <summary>Start, end and width of each part.</summary>
    private static (string Name, uint Start, uint End, int Bitness)[] Parts =>
    [
        ("start-16", BiosLayout.MagicAddress + 4, BiosLayout.Enter16, 16),
        ("enter-16", BiosLayout.Enter16, BiosLayout.Enter32, 16),
        ("enter-32", BiosLayout.Enter32, BiosLayout.Code64, 32),
        ("code-64", BiosLayout.Code64, BiosLayout.Leave32, 64),
        ("leave-32", BiosLayout.Leave32, BiosLayout.Leave16, 32),
        ("leave-16", BiosLayout.Leave16, BiosLayout.Real, 16),
        ("real-16", BiosLayout.Real, BiosLayout.CodeEnd, 16),
    ];

    [Fact]
    public void The_disassembly_is_the_reviewed_one()
    {
        Golden.Compare("bios-boot-sector.asm", Disassembly.Format(BootSector(64), new Dictionary<ulong, string>()));
        var text = new StringBuilder();
        foreach ((string name, uint start, uint end, int bitness) in Parts)
        {
            Dictionary<ulong, string> labels = bitness == 64 ? Labels() : [];
            labels[start] = name;
            _ = text.Append(Disassembly.Format(Decode(start, end, bitness), labels)).Append('\n');
        }
        Golden.Compare("bios-loader.asm", text.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(256)]
    public void The_boot_sector_has_room_for_the_partition_table(int sectorCount)
    {
        byte[] sector = BiosBootSector.Assemble(sectorCount);
        Assert.Equal(440, sector.Length);
        string text = Encoding.Latin1.GetString(sector);
        Assert.Equal(3, text.Split("memcachier loader: ").Length - 1);
        Assert.Equal(3, text.Split("\r\n\0").Length - 1);
        Instruction count = Assert.Single(
            BootSector(sectorCount), i => i.Mnemonic == Mnemonic.Mov && i.Op0Register == Register.DI && i.Immediate16 != 0x7B00);
        Assert.Equal(sectorCount, count.Immediate16);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void A_second_stage_that_does_not_fit_in_memory_is_no_second_stage(int sectorCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BiosBootSector.Assemble(sectorCount));

    /// <summary>Each message that the boot sector names begins and ends where the code says.</summary>
    [Fact]
    public void Each_text_of_the_boot_sector_is_where_its_code_looks()
    {
        byte[] sector = BiosBootSector.Assemble(64);
        string[] texts = [.. BootSector(64)
            .Where(i => i.Mnemonic == Mnemonic.Mov && i.Op0Register == Register.SI && i.Immediate16 > BiosLayout.BootSector)
            .Select(i => Encoding.ASCII.GetString(sector.AsSpan(i.Immediate16 - (int)BiosLayout.BootSector)).Split('\0')[0])];
        Assert.Equal(
            [
                "memcachier loader: not all of the image is on the disk; write it again\r\n",
                "memcachier loader: this BIOS reads no disks by LBA; boot by UEFI\r\n",
                "memcachier loader: the disk cannot be read\r\n",
            ],
            texts);
    }

    [Fact]
    public void Every_branch_stays_in_its_part_or_leads_to_another_one()
    {
        uint[] starts = [.. Parts.Select(part => part.Start), BiosLayout.Handover];
        Assert.Equal(BiosLayout.MagicAddress + 4, Assert.Single(Decode(BiosLayout.Start16, BiosLayout.Start16 + 2, 16)).NearBranchTarget);
        Assert.Equal(BiosLayout.Magic, BitConverter.ToUInt32(_page, 4));
        foreach ((_, uint start, uint end, int bitness) in Parts)
        {
            List<Instruction> part = Decode(start, end, bitness);
            var own = part.Select(instruction => instruction.IP).ToHashSet();
            foreach (Instruction instruction in part)
            {
                if (instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64)
                {
                    ulong target = instruction.NearBranchTarget;
                    Assert.True(own.Contains(target) || starts.Contains((uint)target), $"{instruction.IP:x}: {instruction}");
                }
                if (instruction.Op0Kind is OpKind.FarBranch16 or OpKind.FarBranch32)
                {
                    Assert.Contains(instruction.Op0Kind == OpKind.FarBranch16 ? instruction.FarBranch16 : instruction.FarBranch32, starts);
                }
            }
        }
    }

    /// <summary>Before the processor was looked at, nothing is known of it but that it has CPUID.</summary>
    [Fact]
    public void No_part_uses_more_than_every_64_bit_processor_has()
    {
        CpuidFeature[] allowed =
        [
            CpuidFeature.INTEL8086, CpuidFeature.INTEL8086_ONLY, CpuidFeature.INTEL186, CpuidFeature.INTEL286,
            CpuidFeature.INTEL386, CpuidFeature.INTEL386_ONLY, CpuidFeature.INTEL486, CpuidFeature.CPUID,
            CpuidFeature.MSR, CpuidFeature.TSC, CpuidFeature.X64, CpuidFeature.SSE,
        ];
        foreach ((_, uint start, uint end, int bitness) in Parts)
        {
            foreach (Instruction instruction in Decode(start, end, bitness))
            {
                Assert.False(instruction.IsInvalid, $"{instruction.IP:x}");
                foreach (CpuidFeature feature in instruction.Code.CpuidFeatures())
                    Assert.True(allowed.Contains(feature), $"{instruction.IP:x} {instruction} needs {feature}");
            }
        }
    }

    [Fact]
    public void Every_exception_has_a_gate_to_an_instruction()
    {
        ReadOnlySpan<byte> data = _file.Content(_file.Section(".boot.data"));
        var code = Decode(BiosLayout.Code64, BiosLayout.Leave32, 64).ToDictionary(instruction => instruction.IP);
        for (int vector = 0; vector < 32; vector++)
        {
            ReadOnlySpan<byte> gate = data.Slice((int)(BiosLayout.Idt - BiosLayout.DataBase) + (vector * 16), 16);
            uint handler = BitConverter.ToUInt16(gate) | (uint)BitConverter.ToUInt16(gate[6..]) << 16;
            Assert.Equal(BiosSelectors.Code64, BitConverter.ToUInt16(gate[2..]));
            Assert.Equal(0x8E00, BitConverter.ToUInt16(gate[4..]));
            Instruction first = code[handler];
            // A zero in the place of the error code that the processor did not push.
            if (!Vectors.HasErrorCode(vector))
            {
                Assert.Equal((Mnemonic.Push, 0ul), (first.Mnemonic, first.GetImmediate(0)));
                first = code[first.NextIP];
            }
            Assert.Equal((Mnemonic.Push, (ulong)vector), (first.Mnemonic, first.GetImmediate(0)));
        }
    }

    [Theory]
    [InlineData(BiosSelectors.Code32, 0x00CF_9B00_0000_FFFFul)]
    [InlineData(BiosSelectors.Code64, 0x00AF_9B00_0000_FFFFul)]
    [InlineData(BiosSelectors.Data32, 0x00CF_9300_0000_FFFFul)]
    [InlineData(BiosSelectors.Code16, 0x0000_9B00_0000_FFFFul)]
    [InlineData(BiosSelectors.Data16, 0x0000_9300_0000_FFFFul)]
    public void The_descriptors_are_what_the_manual_says(int selector, ulong descriptor) => Assert.Equal(
        descriptor, BitConverter.ToUInt64(_file.Content(_file.Section(".boot.data"))[selector..]));

    /// <summary>What the assembler and C# both know.</summary>
    [Theory]
    [InlineData(nameof(BiosRegisters.Eax), 0)]
    [InlineData(nameof(BiosRegisters.Ebx), 4)]
    [InlineData(nameof(BiosRegisters.Ecx), 8)]
    [InlineData(nameof(BiosRegisters.Edx), 12)]
    [InlineData(nameof(BiosRegisters.Esi), 16)]
    [InlineData(nameof(BiosRegisters.Edi), 20)]
    [InlineData(nameof(BiosRegisters.Es), 24)]
    [InlineData(nameof(BiosRegisters.Ds), 26)]
    [InlineData(nameof(BiosRegisters.Flags), 28)]
    public void Each_register_is_loaded_from_its_field(string name, int offset)
    {
        Assert.Equal(offset, (int)Marshal.OffsetOf<BiosRegisters>(name));
        Register register = name switch
        {
            nameof(BiosRegisters.Eax) => Register.EAX,
            nameof(BiosRegisters.Ebx) => Register.EBX,
            nameof(BiosRegisters.Ecx) => Register.ECX,
            nameof(BiosRegisters.Edx) => Register.EDX,
            nameof(BiosRegisters.Esi) => Register.ESI,
            nameof(BiosRegisters.Edi) => Register.EDI,
            nameof(BiosRegisters.Es) => Register.ES,
            nameof(BiosRegisters.Ds) => Register.DS,
            _ => Register.None,
        };
        List<Instruction> real = Decode(BiosLayout.Real, BiosLayout.CodeEnd, 16);
        ulong field = BiosLayout.Registers + (ulong)offset;
        if (register != Register.None)
        {
            _ = Assert.Single(real, i => i.Op0Register == register && i.Op1Kind == OpKind.Memory && i.MemoryDisplacement64 == field);
            _ = Assert.Single(real, i => i.Op1Register == register && i.Op0Kind == OpKind.Memory && i.MemoryDisplacement64 == field);
        }
        else
        {
            // EFLAGS comes by way of EAX, which was stored before.
            Instruction store = Assert.Single(real, i => i.Op0Kind == OpKind.Memory && i.MemoryDisplacement64 == field);
            Assert.Equal(Register.EAX, store.Op1Register);
        }
        Assert.Equal(32, Marshal.SizeOf<BiosRegisters>());
    }

    [Fact]
    public void The_areas_of_memory_follow_each_other()
    {
        uint[] places =
        [
            0x500, BiosLayout.Pml4, BiosLayout.Pdpt, BiosLayout.PageDirectories, BiosLayout.PageTablesEnd,
            BiosLayout.RealStackTop - 2048, BiosLayout.RealStackTop, BiosLayout.CodeBase, BiosLayout.DataBase, BiosLayout.Handover,
            BiosLayout.ImageBase, BiosLayout.ImageLimit, BiosMemory.ArenaEnd,
            BiosMemory.Exchange + BiosMemory.ExchangeLength, BiosMemory.StartInfo,
            BiosMemory.StartInfo + StartInfoBuilder.RoomLength, BiosLayout.StackTop - 0x8000, BiosLayout.StackTop,
            BiosMemory.Windows + (BiosMemory.WindowCount * BiosMemory.WindowLength), 0x8_0001, BiosMemory.File,
        ];
        Assert.Equal(places.Order(), places);
        Assert.Equal(BiosLayout.ImageLimit, BiosMemory.Arena);
        Assert.Equal(BiosMemory.ArenaEnd, BiosMemory.Exchange);
        Assert.Equal(0u, BiosMemory.Windows % 0x1_0000);
        Assert.Equal(0x1_0000u, BiosMemory.WindowLength);
    }

    private static List<Instruction> BootSector(int sectorCount)
    {
        byte[] sector = BiosBootSector.Assemble(sectorCount);
        int end = sector.AsSpan().IndexOf("memcachier loader"u8);
        return Disassembly.Decode(sector.AsSpan(0, end).TrimEnd((byte)0), 16, BiosLayout.BootSector);
    }

    private Dictionary<ulong, string> Labels()
    {
        var labels = new Dictionary<ulong, string>();
        foreach (ElfSymbol symbol in _file.Symbols)
        {
            if (symbol.Section == 1) labels[BiosLayout.CodeBase + symbol.Value] = symbol.Name;
        }
        return labels;
    }

    private List<Instruction> Decode(uint start, uint end, int bitness) => Disassembly.Decode(
        _page.AsSpan((int)(start - BiosLayout.CodeBase)..(int)(end - BiosLayout.CodeBase)).TrimEnd(Filler), bitness, start);
}
