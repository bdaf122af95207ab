using System;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// The BIOS loader's code that is not C#: from real mode to long mode and, whenever C# calls the firmware, there and back. The
/// parts lie at fixed addresses and jump to each other.
/// </summary>
/// <remarks>
/// <code>
///   Start16 ---> Enter16 -> Enter32 -> Code64 -> C# main
///                   ^                     |
///                 Real &lt;- Leave16 &lt;- Leave32 &lt;-+  bios_call
/// </code>
/// In the firmware's functions the control registers are what the firmware left in them. Interrupts are enabled there and
/// nowhere else.
/// </remarks>
public sealed class BiosCode
{
    private const int PageTableEntry = 3;                                // present, writable
    private const int LargePageEntry = 0x83;
    private const uint LargePage = 0x20_0000;
    private const int Cr0ProtectedMode = 1;
    private const int Cr0Clear = ~(1 << 2 | 1 << 3);                     // EM, TS
    private const int Cr0Set = unchecked((int)0x8000_0023);              // PG NE MP PE
    private const int Cr0NoPaging = 0x7FFF_FFFF;
    private const int Cr4Set = 1 << 5 | 1 << 9 | 1 << 10;                // PAE OSFXSR OSXMMEXCPT
    private const uint MsrEfer = 0xC000_0080;
    private const int EferLongMode = 1 << 8;
    private const uint ExtendedLeaves = 0x8000_0000, AmdFeatures = 0x8000_0001;
    private const int LongModeBit = 29;
    private const int RegistersLength = 32;

    private readonly byte[] _page = new byte[BiosLayout.PageSize];
    private readonly List<(string, Label)> _routines = [];
    private readonly Label[] _faults = new Label[Vectors.ExceptionCount];

    private BiosCode() => Array.Fill(_page, (byte)0xCC);

    /// <summary>The page of code at <see cref="BiosLayout.CodeBase"/>.</summary>
    public ReadOnlySpan<byte> Page => _page;

    /// <summary>The address of each routine that C# calls by name.</summary>
    public IReadOnlyList<(string Name, uint Address)> Symbols { get; private set; } = [];

    /// <summary>The address where C# is entered for the first time.</summary>
    public uint FirstResume { get; private set; }

    /// <summary>The handler of each exception.</summary>
    public uint[] Handlers { get; } = new uint[Vectors.ExceptionCount];

    public static BiosCode Assemble()
    {
        var code = new BiosCode();
        _ = code.Place(Start16(), BiosLayout.Start16, BiosLayout.Enter16);
        _ = code.Place(Enter16(), BiosLayout.Enter16, BiosLayout.Enter32);
        _ = code.Place(Enter32(), BiosLayout.Enter32, BiosLayout.Code64);
        code.PlaceCode64();
        _ = code.Place(Leave32(), BiosLayout.Leave32, BiosLayout.Leave16);
        _ = code.Place(Leave16(), BiosLayout.Leave16, BiosLayout.Real);
        _ = code.Place(Real(), BiosLayout.Real, BiosLayout.CodeEnd);
        return code;
    }

    /// <summary>From the boot sector, with the drive's number in DL: looks for long mode, and makes page tables.</summary>
    private static Assembler Start16()
    {
        var asm = new Assembler(16);
        Label start = asm.CreateLabel();
        Label unfit = asm.CreateLabel();
        Label entry = asm.CreateLabel();
        asm.jmp(start);
        asm.nop();
        asm.nop();
        asm.dd(BiosLayout.Magic);
        asm.Label(ref start);
        asm.cli();
        asm.cld();
        asm.xor(ax, ax);
        asm.mov(ds, ax);
        asm.mov(es, ax);
        asm.mov(ss, ax);
        asm.mov(sp, (int)BiosLayout.RealStackTop);
        asm.mov(__byte_ptr[(int)BiosLayout.Drive], dl);
        asm.mov(eax, ExtendedLeaves);
        asm.cpuid();
        asm.cmp(eax, unchecked((int)AmdFeatures));
        asm.jb(unfit);
        asm.mov(eax, AmdFeatures);
        asm.cpuid();
        asm.bt(edx, LongModeBit);
        asm.jnc(unfit);
        asm.mov(eax, cr0);
        asm.mov(__dword_ptr[(int)BiosLayout.SavedCr0], eax);
        asm.mov(eax, cr4);
        asm.mov(__dword_ptr[(int)BiosLayout.SavedCr4], eax);

        asm.xor(eax, eax);
        asm.mov(di, (int)BiosLayout.Pml4);
        asm.mov(cx, (int)(BiosLayout.PageTablesEnd - BiosLayout.Pml4) / 4);
        asm.rep.stosd();
        asm.mov(__dword_ptr[(int)BiosLayout.Pml4], BiosLayout.Pdpt | PageTableEntry);
        for (int gib = 0; gib < 4; gib++)
        {
            asm.mov(__dword_ptr[(int)BiosLayout.Pdpt + (gib * 8)],
                (BiosLayout.PageDirectories + ((uint)gib * 0x1000)) | PageTableEntry);
        }
        asm.mov(di, (int)BiosLayout.PageDirectories);
        asm.mov(eax, LargePageEntry);
        asm.Label(ref entry);
        asm.mov(__dword_ptr[di], eax);
        asm.add(di, 8);
        asm.add(eax, LargePage);
        asm.cmp(di, (int)BiosLayout.PageTablesEnd);
        asm.jb(entry);
        asm.jmp(BiosLayout.Enter16);

        asm.Label(ref unfit);
        asm.mov(si, (int)BiosLayout.NoLongModeText);
        BiosConsole.EmitFail(asm, asm.CreateLabel());
        return asm;
    }

    /// <summary>Real mode to 32-bit protected mode.</summary>
    private static Assembler Enter16()
    {
        var asm = new Assembler(16);
        asm.lgdt(__[(int)BiosLayout.Gdtr]);
        asm.mov(eax, cr0);
        asm.or(al, Cr0ProtectedMode);
        asm.mov(cr0, eax);
        asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, BiosSelectors.Code32, BiosLayout.Enter32));
        return asm;
    }

    /// <summary>To long mode.</summary>
    private static Assembler Enter32()
    {
        var asm = new Assembler(32);
        asm.mov(eax, BiosSelectors.Data32);
        asm.mov(ds, eax);
        asm.mov(es, eax);
        asm.mov(ss, eax);
        asm.mov(fs, eax);
        asm.mov(gs, eax);
        asm.mov(eax, __dword_ptr[BiosLayout.SavedCr4]);
        asm.or(eax, Cr4Set);
        asm.mov(cr4, eax);
        asm.mov(eax, BiosLayout.Pml4);
        asm.mov(cr3, eax);
        asm.mov(ecx, MsrEfer);
        asm.rdmsr();
        asm.or(eax, EferLongMode);
        asm.wrmsr();
        asm.mov(eax, __dword_ptr[BiosLayout.SavedCr0]);
        asm.and(eax, Cr0Clear);
        asm.or(eax, Cr0Set);
        asm.mov(cr0, eax);
        asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, BiosSelectors.Code64, BiosLayout.Code64));
        return asm;
    }

    private void PlaceCode64()
    {
        var asm = new Assembler(64);
        Label first = asm.CreateLabel();
        asm.lidt(__[BiosLayout.Idtr]);
        asm.cld();
        asm.ldmxcsr(__dword_ptr[BiosLayout.MxCsr]);
        asm.mov(rsp, __qword_ptr[BiosLayout.StackPointer]);
        asm.jmp(__qword_ptr[BiosLayout.Resume]);

        asm.Label(ref first);
        asm.mov(rdi, __qword_ptr[Link("__bss_start")]);
        asm.mov(rcx, __qword_ptr[Link("__bss_end")]);
        asm.sub(rcx, rdi);
        asm.xor(eax, eax);
        asm.rep.stosb();
        // The value between a frame's buffers and its return address: it finds mistakes here, not attackers.
        asm.rdtsc();
        asm.mov(rcx, __qword_ptr[Link("__security_cookie")]);
        asm.mov(__dword_ptr[rcx], eax);
        asm.xor(ebp, ebp);
        asm.movzx(edi, __byte_ptr[BiosLayout.Drive]);
        asm.call(__qword_ptr[Link("loader_main")]);
        asm.ud2();

        EmitRoutines(asm);
        EmitFaults(asm);
        AssemblerResult result = Place(asm, BiosLayout.Code64, BiosLayout.Leave32);
        FirstResume = (uint)result.GetLabelRIP(first);
        var symbols = new List<(string, uint)>();
        foreach ((string name, Label label) in _routines) symbols.Add((name, (uint)result.GetLabelRIP(label)));
        Symbols = symbols;
        for (int i = 0; i < _faults.Length; i++) Handlers[i] = (uint)result.GetLabelRIP(_faults[i]);
    }

    private void EmitRoutines(Assembler asm)
    {
        EmitCall(asm);

        // void loader_enter(uint list, uint startInfo, uint entry): never returns.
        Routine(asm, "loader_enter");
        asm.jmp(BiosLayout.Handover);

        // void port_write(ushort port, byte value), byte port_read(ushort port)
        Routine(asm, "port_write");
        asm.mov(edx, edi);
        asm.mov(eax, esi);
        asm.@out(dx, al);
        asm.ret();
        Routine(asm, "port_read");
        asm.mov(edx, edi);
        asm.xor(eax, eax);
        asm.@in(al, dx);
        asm.ret();

        // void processor_halt(): never returns.
        Routine(asm, "processor_halt");
        Label halt = asm.CreateLabel();
        asm.cli();
        asm.Label(ref halt);
        asm.hlt();
        asm.jmp(halt);

        Routine(asm, "RhpAssignRef");
        asm.mov(__qword_ptr[rdi], rsi);
        asm.ret();
        Routine(asm, "RhpCheckedAssignRef");
        asm.mov(__qword_ptr[rdi], rsi);
        asm.ret();
        Routine(asm, "RhpByRefAssignRef");
        asm.mov(rcx, __qword_ptr[rsi]);
        asm.mov(__qword_ptr[rdi], rcx);
        asm.add(rdi, 8);
        asm.add(rsi, 8);
        asm.ret();
    }

    /// <summary>
    /// void bios_call(BiosRegisters* registers, uint vector): calls the firmware's handler of a software interrupt with these
    /// registers, and brings back what it left in them. All general registers are saved here: real mode keeps only half of each.
    /// </summary>
    private void EmitCall(Assembler asm)
    {
        Label back = asm.CreateLabel();
        Routine(asm, "bios_call");
        AssemblerRegister64[] saved = [rbx, rbp, r12, r13, r14, r15, rdi];
        foreach (AssemblerRegister64 register in saved) asm.push(register);
        asm.mov(eax, esi);
        asm.mov(eax, __dword_ptr[rax * 4]);
        asm.mov(__dword_ptr[BiosLayout.Handler], eax);
        asm.mov(rsi, rdi);
        asm.mov(edi, BiosLayout.Registers);
        asm.mov(ecx, RegistersLength / 4);
        asm.rep.movsd();
        asm.lea(rax, __[back]);
        asm.mov(__qword_ptr[BiosLayout.Resume], rax);
        asm.mov(__qword_ptr[BiosLayout.StackPointer], rsp);
        asm.push(BiosSelectors.Code32);
        asm.push((int)BiosLayout.Leave32);
        asm.AddInstruction(Instruction.Create(Code.Retfq));

        asm.Label(ref back);
        asm.mov(rdi, __qword_ptr[rsp]);
        asm.mov(esi, BiosLayout.Registers);
        asm.mov(ecx, RegistersLength / 4);
        asm.rep.movsd();
        for (int i = saved.Length - 1; i >= 0; i--) asm.pop(saved[i]);
        asm.ret();
    }

    /// <summary>Exceptions go to C#: void loader_fault(ulong vector, ulong error, ulong instruction, ulong address).</summary>
    private void EmitFaults(Assembler asm)
    {
        Label common = asm.CreateLabel();
        for (int vector = 0; vector < _faults.Length; vector++)
        {
            _faults[vector] = asm.CreateLabel();
            asm.Label(ref _faults[vector]);
            if (!Vectors.HasErrorCode(vector)) asm.push(0);
            asm.push(vector);
            asm.jmp(common);
        }
        asm.Label(ref common);
        asm.pop(rdi);
        asm.pop(rsi);
        asm.mov(rdx, __qword_ptr[rsp]);
        asm.mov(rcx, cr2);
        asm.and(rsp, -16);
        asm.cld();
        asm.call(__qword_ptr[Link("loader_fault")]);
        asm.ud2();
    }

    /// <summary>Long mode to 16-bit protected mode.</summary>
    private static Assembler Leave32()
    {
        var asm = new Assembler(32);
        asm.mov(eax, BiosSelectors.Data32);
        asm.mov(ds, eax);
        asm.mov(ss, eax);
        asm.mov(eax, cr0);
        asm.and(eax, Cr0NoPaging);
        asm.mov(cr0, eax);
        asm.mov(ecx, MsrEfer);
        asm.rdmsr();
        asm.and(eax, ~EferLongMode);
        asm.wrmsr();
        asm.mov(eax, __dword_ptr[BiosLayout.SavedCr4]);
        asm.mov(cr4, eax);
        asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, BiosSelectors.Code16, BiosLayout.Leave16));
        return asm;
    }

    /// <summary>To real mode, by way of segments of 64 KiB: limits outlive the switch.</summary>
    private static Assembler Leave16()
    {
        var asm = new Assembler(16);
        asm.mov(ax, BiosSelectors.Data16);
        asm.mov(ds, ax);
        asm.mov(es, ax);
        asm.mov(fs, ax);
        asm.mov(gs, ax);
        asm.mov(ss, ax);
        asm.mov(eax, __dword_ptr[(int)BiosLayout.SavedCr0]);
        asm.mov(cr0, eax);
        asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1616, 0, BiosLayout.Real));
        return asm;
    }

    /// <summary>Calls the handler as the INT instruction would.</summary>
    private static Assembler Real()
    {
        var asm = new Assembler(16);
        const int Registers = (int)BiosLayout.Registers;
        asm.xor(ax, ax);
        asm.mov(ds, ax);
        asm.mov(fs, ax);
        asm.mov(gs, ax);
        asm.mov(ss, ax);
        asm.mov(sp, (int)BiosLayout.RealStackTop);
        asm.lidt(__[(int)BiosLayout.RealIdtr]);
        asm.mov(es, __word_ptr[Registers + 24]);
        asm.mov(ebx, __dword_ptr[Registers + 4]);
        asm.mov(ecx, __dword_ptr[Registers + 8]);
        asm.mov(edx, __dword_ptr[Registers + 12]);
        asm.mov(esi, __dword_ptr[Registers + 16]);
        asm.mov(edi, __dword_ptr[Registers + 20]);
        asm.mov(eax, __dword_ptr[Registers]);
        asm.mov(ds, __word_ptr[Registers + 26]);
        asm.cld();
        asm.sti();
        asm.pushf();
        asm.cli();
        asm.call(__dword_ptr.cs[(int)BiosLayout.Handler]);
        asm.cli();
        asm.cld();
        asm.mov(__dword_ptr.cs[Registers], eax);
        asm.mov(__dword_ptr.cs[Registers + 4], ebx);
        asm.mov(__dword_ptr.cs[Registers + 8], ecx);
        asm.mov(__dword_ptr.cs[Registers + 12], edx);
        asm.mov(__dword_ptr.cs[Registers + 16], esi);
        asm.mov(__dword_ptr.cs[Registers + 20], edi);
        asm.mov(__word_ptr.cs[Registers + 24], es);
        asm.mov(__word_ptr.cs[Registers + 26], ds);
        asm.pushfd();
        asm.pop(eax);
        asm.mov(__dword_ptr.cs[Registers + 28], eax);
        asm.xor(ax, ax);
        asm.mov(ds, ax);
        asm.jmp(BiosLayout.Enter16);
        return asm;
    }

    private static uint Link(string name) => BiosLayout.Links + ((uint)Array.IndexOf(BiosObject.LinkNames, name) * 8);

    private void Routine(Assembler asm, string name)
    {
        Label label = asm.CreateLabel();
        asm.Label(ref label);
        _routines.Add((name, label));
    }

    private AssemblerResult Place(Assembler asm, uint start, uint end)
    {
        using var stream = new MemoryStream();
        AssemblerResult result =
            asm.Assemble(new StreamCodeWriter(stream), start, BlockEncoderOptions.ReturnNewInstructionOffsets);
        byte[] bytes = stream.ToArray();
        if (start + bytes.Length > end) throw new InvalidOperationException($"the code at {start:x} is too long");
        bytes.CopyTo(_page, start - BiosLayout.CodeBase);
        return result;
    }
}
