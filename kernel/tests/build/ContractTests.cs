using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Iced.Intel;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Build;
using Xunit;
using SharedPage = Memcachier.Kernel.Arch.X64.SharedPage;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>
/// What ring 0's code and C# both know: each side has its own constants, and these tests hold them together.
/// </summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData("RingZeroCode", RingZeroLayout.CodeBase)]
    [InlineData("RingZeroData", RingZeroLayout.DescriptorBase)]
    [InlineData("GateStack", RingZeroLayout.GateStackTop - 0x1000)]
    [InlineData("GateStackGuard", RingZeroLayout.GateStackTop - 0x2000)]
    [InlineData("FaultStack", RingZeroLayout.FaultStackTop - 0x1000)]
    [InlineData("FaultStackGuard", RingZeroLayout.FaultStackTop - 0x2000)]
    [InlineData("SharedPage", RingZeroLayout.SharedPage)]
    [InlineData("TablesEnd", RingZeroLayout.ImageBase)]
    public void The_address_space_maps_what_ring_zero_uses(string name, uint expected) =>
        Assert.Equal(expected, Constant<ulong>(typeof(AddressSpace), name));

    [Fact]
    public void The_areas_of_ring_zero_follow_each_other()
    {
        uint[] places =
        [
            RingZeroLayout.CodeBase, RingZeroLayout.CodeBase + RingZeroLayout.CodeSize - 1,
            RingZeroLayout.DescriptorBase,
            RingZeroLayout.Idt, RingZeroLayout.DescriptorEnd, RingZeroLayout.Pdpt, RingZeroLayout.PageDirectories,
            RingZeroLayout.PageDirectories + 0x4000, RingZeroLayout.GateStackTop, RingZeroLayout.FaultStackTop,
            RingZeroLayout.SharedPage, RingZeroLayout.ZeroedEnd, (uint)AddressSpace.TableMemory.Address,
            RingZeroLayout.ImageBase,
        ];
        Assert.Equal(places.Order(), places);
        Assert.Equal(RingZeroLayout.DescriptorEnd, RingZeroLayout.Pml4);
        // The boot tables end before the page that is unmapped below the gate's stack... which they are not part of.
        Assert.True(RingZeroLayout.PageDirectories + 0x4000 <= RingZeroLayout.GateStackTop - 0x2000);
    }

    [Theory]
    [InlineData(nameof(SharedPage.StartInfo), RingZeroLayout.SharedStartInfo)]
    [InlineData(nameof(SharedPage.EntryTimestamp), RingZeroLayout.SharedEntryTsc)]
    [InlineData(nameof(SharedPage.X2Apic), RingZeroLayout.SharedX2Apic)]
    public void The_shared_page_has_the_same_fields(string field, uint address) =>
        Assert.Equal(address, RingZeroLayout.SharedPage + (uint)Marshal.OffsetOf<SharedPage>(field));

    [Fact]
    public void The_shared_page_s_parts_do_not_overlap()
    {
        Assert.Equal(0x1000, Marshal.SizeOf<SharedPage>());
        Assert.True(RingZeroLayout.SharedX2Apic + 4 <= RingZeroLayout.SharedInterruptCounts);
        Assert.True(
            RingZeroLayout.SharedInterruptCounts + (Vectors.InterruptCount * 4) <= RingZeroLayout.SharedFaultFrame);
        Assert.True(
            RingZeroLayout.SharedFaultFrame + (uint)Marshal.SizeOf<FaultFrame>() <= RingZeroLayout.SharedPage + 0x1000);
        Assert.Equal(RingZeroLayout.SharedPage + 0x1000, RingZeroLayout.ZeroedEnd);
    }

    /// <summary>Follows the stub's stores: what is written at a place, and what the C# field there is called.</summary>
    [Fact]
    public void The_fault_stub_saves_each_register_where_its_field_is()
    {
        var saved = new Dictionary<string, long>();
        string source = "";
        string[] onStack = ["Vector", "ErrorCode", "Rip", "Cs", "Rflags", "Rsp", "Ss"];
        foreach (Instruction instruction in new BootCode().LongMode)
        {
            if (instruction.Mnemonic != Mnemonic.Mov) continue;
            if (instruction.Op0Register == Register.RAX && instruction.MemoryBase == Register.RSP)
                source = onStack[instruction.MemoryDisplacement64 / 8];
            if (instruction.Op0Register == Register.RAX && instruction.Op1Register == Register.CR2) source = "Cr2";
            long offset = (long)instruction.MemoryDisplacement64 - RingZeroLayout.SharedFaultFrame;
            if (instruction.Op0Kind != OpKind.Memory || instruction.MemoryBase != Register.None
                || offset is < 0 or > 0x800)
            {
                continue;
            }
            string register = instruction.Op1Register.ToString();
            register = register[..1] + register[1..].ToLowerInvariant();
            if (register == "Rax" && source != "") register = source;
            else if (register == "Rsp") register = "GateRsp";
            saved.Add(register, offset);
        }
        FieldInfo[] fields = typeof(FaultFrame).GetFields();
        Assert.Equal(24, fields.Length);
        Assert.Equal(fields.Select(field => field.Name).Order(), saved.Keys.Order());
        foreach (FieldInfo field in fields)
            Assert.Equal((long)Marshal.OffsetOf<FaultFrame>(field.Name), saved[field.Name]);
    }

    [Fact]
    public void The_layout_table_s_symbols_are_its_fields()
    {
        (string Symbol, string Field)[] pairs =
        [
            ("__text_start", nameof(ImageLayout.TextStart)), ("__text_end", nameof(ImageLayout.TextEnd)),
            ("__rodata_start", nameof(ImageLayout.ConstantsStart)), ("__rodata_end", nameof(ImageLayout.ConstantsEnd)),
            ("__data_start", nameof(ImageLayout.DataStart)), ("__main_stack_guard", nameof(ImageLayout.MainStackGuard)),
            ("__fault_stack_guard", nameof(ImageLayout.FaultStackGuard)), ("__image_end", nameof(ImageLayout.ImageEnd)),
            ("__build_id_start", nameof(ImageLayout.BuildIdStart)), ("__build_id_end", nameof(ImageLayout.BuildIdEnd)),
        ];
        ElfFile file = new BootCode().File;
        ElfSection table = file.Section(".rodata.layout");
        List<(ulong Offset, string Symbol, uint Type, long Addend)> relocations = file.Relocations(table);
        Assert.Equal((ulong)Marshal.SizeOf<ImageLayout>(), table.Size);
        Assert.Equal(pairs.Length, relocations.Count);
        foreach ((string symbol, string field) in pairs)
            Assert.Contains(((ulong)Marshal.OffsetOf<ImageLayout>(field), symbol, 1u, 0L), relocations);
    }

    [Fact]
    public void The_layout_routine_s_operand_takes_the_table_s_address()
    {
        BootCode code = new();
        ulong routine = code.File.Symbol("image_layout").Value;
        Instruction load = code.User.Find(instruction => instruction.IP == routine);
        Assert.Equal((Code.Mov_r64_imm64, Register.RAX), (load.Code, load.Op0Register));
        Assert.Equal([(routine + 2, "image_layout_table", 1u, 0L)], code.File.Relocations(code.File.Section(".text")));
    }

    [Fact]
    public void Ring_zero_finds_the_c_sharp_side_through_its_links()
    {
        string[] names =
        [
            "kernel_main", "__main_stack_top", "kernel_fault", "__fault_stack_top", "__bss_start", "__bss_end",
            "__security_cookie",
        ];
        BootCode code = new();
        List<(ulong Offset, string Symbol, uint Type, long Addend)> links =
            code.File.Relocations(code.File.Section(".boot.descriptors"));
        Assert.Equal(names, links.OrderBy(link => link.Offset).Select(link => link.Symbol));
        for (int i = 0; i < names.Length; i++)
            Assert.Equal(RingZeroLayout.Links - RingZeroLayout.DescriptorBase + ((ulong)i * 8), links[i].Offset);

        // What is loaded from where, in the order of the code: zeroing, cookie, main; and for a fault.
        ulong[] loads = [.. code.LongMode
            .Where(i => i.MemoryBase == Register.None)
            .Where(i => i.MemoryDisplacement64 is >= RingZeroLayout.Links and < RingZeroLayout.Idt)
            .Select(i => i.MemoryDisplacement64 - RingZeroLayout.Links)];
        Assert.Equal([32UL, 40, 48, 8, 0, 24, 16], loads);
    }

    /// <summary>The C# half is compiled only into the image, so its source is read.</summary>
    [Fact]
    public void Both_sides_of_the_gate_number_its_services_alike()
    {
        Dictionary<string, ulong> numbers = Constants("kernel/arch/x64/Gate.Freestanding.cs");
        GateService[] services = Enum.GetValues<GateService>();
        Assert.Equal(services.Select(service => service + "Service").Order(), numbers.Keys.Order());
        foreach (GateService service in services) Assert.Equal((ulong)service, numbers[service + "Service"]);
    }

    [Fact]
    public void The_hardware_uses_vectors_that_ring_zero_counts()
    {
        Dictionary<string, ulong> hardware = Constants("kernel/boot/Hardware.Freestanding.cs");
        Assert.Equal(RingZeroLayout.SharedInterruptCounts, hardware["InterruptCounts"]);
        Assert.Equal((ulong)Vectors.FirstInterrupt, hardware["FirstVector"]);
        Assert.InRange(hardware["TimerVector"], (ulong)Vectors.FirstInterrupt,
            (ulong)Vectors.FirstInterrupt + Vectors.InterruptCount - 1);
        Assert.InRange(hardware["DeviceVector"], (ulong)Vectors.FirstInterrupt,
            (ulong)Vectors.FirstInterrupt + Vectors.InterruptCount - 1);
        Assert.NotEqual(hardware["TimerVector"], hardware["DeviceVector"]);
    }

    [Fact]
    public void A_crash_ends_the_emulator_in_the_same_way_from_both_rings()
    {
        Dictionary<string, ulong> crash = Constants("kernel/boot/Crash.Freestanding.cs");
        Dictionary<string, ulong> power = Constants("kernel/boot/Power.Freestanding.cs");
        Assert.Equal((ulong)BootObject.DebugExitPort, crash["DebugExitPort"]);
        Assert.Equal((ulong)BootObject.DebugExitPort, power["DebugExitPort"]);
        Assert.Equal((ulong)BootObject.DebugExitCrash, crash["DebugExitCrash"]);
        // Two ends that a script tells apart.
        Assert.NotEqual(crash["DebugExitCrash"], power["DebugExitFailed"]);
    }

    /// <summary>
    /// After sealing, ring 3 may still use the console's ports, those that end the machine and the two that were named when
    /// it was sealed, and no others.
    /// </summary>
    [Fact]
    public void The_ports_that_stay_open_are_the_console_s_and_those_of_the_end()
    {
        List<Instruction> code = new BootCode().LongMode;
        ulong gate = code.First(i => i.MemoryDisplacement64 == RingZeroLayout.SealedFlag).IP;
        Instruction[] compared = [.. code.SkipWhile(i => i.IP <= gate).TakeWhile(i => i.Mnemonic != Mnemonic.Jmp)
            .Where(i => i.Mnemonic == Mnemonic.Cmp)];
        Assert.Equal(
            [(Register.EDX, RingZeroLayout.ButtonPort), (Register.EDX, RingZeroLayout.SwitchPort)],
            compared.Where(i => i.Op1Kind == OpKind.Memory).Select(i => (i.Op0Register, (uint)i.MemoryDisplacement64)));
        uint[] open = [.. compared.Where(i => i.Op1Kind != OpKind.Memory).Select(i => i.Immediate32)];
        Dictionary<string, ulong> power = Constants("kernel/boot/Power.Freestanding.cs");
        const uint Com1 = 0x3F8;
        Assert.Equal(
            [
                Com1, Com1 + 7, (uint)power["DebugExitPort"], (uint)power["KeyboardCommandPort"],
                (uint)power["ResetControlPort"],
            ],
            open);
    }

    /// <summary>
    /// After sealing, ring 3 may still set its timer: the MSRs that LocalApic.Arm writes, and no others.
    /// </summary>
    [Fact]
    public void The_msrs_that_stay_open_are_the_timer_s()
    {
        List<Instruction> code = new BootCode().LongMode;
        ulong start = new BootCode().Services[(int)GateService.WriteMsr];
        uint[] open = [.. code
            .SkipWhile(i => i.IP != start)
            .TakeWhile(i => i.MemoryDisplacement64 != RingZeroLayout.SealedFlag)
            .Where(i => i.Mnemonic == Mnemonic.Cmp).Select(i => i.Immediate32)];
        Type apic = typeof(LocalApic<,>);
        uint deadline = Constant<uint>(apic, "TscDeadlineMsr");
        uint initialCount = Constant<uint>(apic, "X2ApicMsrs") + (Constant<uint>(apic, "InitialCountRegister") >> 4);
        Assert.Equal([deadline, initialCount], open);
    }

    private static T Constant<T>(Type type, string name) =>
        (T)type.GetField(name, BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;

    private static Dictionary<string, ulong> Constants(string path)
    {
        var constants = new Dictionary<string, ulong>();
        foreach (Match match in Regex.Matches(SourceTree.Read(path), @"const \w+ (\w+) = (0x[0-9A-Fa-f_]+|\d+);"))
        {
            string value = match.Groups[2].Value.Replace("_", "", StringComparison.Ordinal);
            constants.Add(match.Groups[1].Value, value.StartsWith("0x", StringComparison.Ordinal)
                ? ulong.Parse(value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : ulong.Parse(value, CultureInfo.InvariantCulture));
        }
        return constants;
    }
}
