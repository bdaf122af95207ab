using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// Ring-3 routines for what C# has no words for. System V calling convention; X64Processor and Gate in kernel/arch/x64
/// import them by name. The Rhp ones are the compiler's write barriers: there is no collector to tell, so they just store.
/// </summary>
public sealed class UserRoutines
{
    private readonly Assembler _asm = new(64);
    private readonly List<(string Name, Label Label)> _routines = [];

    private UserRoutines()
    {
        // ulong gate_call(ulong service, ulong first, ulong second)
        Routine("gate_call");
        _asm.mov(rax, rdi);
        _asm.mov(rcx, rdx);
        _asm.mov(rdx, rsi);
        _asm.int3();
        _asm.ret();

        // ulong processor_timestamp(): ordered after everything before it (SDM 2B, RDTSC).
        Routine("processor_timestamp");
        _asm.lfence();
        _asm.rdtsc();
        _asm.shl(rdx, 32);
        _asm.or(rax, rdx);
        _asm.ret();

        // void processor_cpuid(uint leaf, uint subleaf, uint* registers): EAX, EBX, ECX, EDX
        Routine("processor_cpuid");
        _asm.push(rbx);
        _asm.mov(r8, rdx);
        _asm.mov(eax, edi);
        _asm.mov(ecx, esi);
        _asm.cpuid();
        _asm.mov(__dword_ptr[r8], eax);
        _asm.mov(__dword_ptr[r8 + 4], ebx);
        _asm.mov(__dword_ptr[r8 + 8], ecx);
        _asm.mov(__dword_ptr[r8 + 12], edx);
        _asm.pop(rbx);
        _asm.ret();

        // bool processor_rdrand(ulong* value), bool processor_rdseed(ulong* value)
        Routine("processor_rdrand");
        _asm.rdrand(rcx);
        _asm.setc(al);
        _asm.movzx(eax, al);
        _asm.mov(__qword_ptr[rdi], rcx);
        _asm.ret();
        Routine("processor_rdseed");
        _asm.rdseed(rcx);
        _asm.setc(al);
        _asm.movzx(eax, al);
        _asm.mov(__qword_ptr[rdi], rcx);
        _asm.ret();

        // ulong processor_frame_pointer()
        Routine("processor_frame_pointer");
        _asm.mov(rax, rbp);
        _asm.ret();

        // ImageLayout* image_layout(): the linker fills in the operand, whose eight bytes follow two of opcode.
        Routine("image_layout");
        _asm.mov(rax, ulong.MaxValue >> 1);
        _asm.ret();

        Routine("RhpAssignRef");
        _asm.mov(__qword_ptr[rdi], rsi);
        _asm.ret();
        Routine("RhpCheckedAssignRef");
        _asm.mov(__qword_ptr[rdi], rsi);
        _asm.ret();

        // Copies one reference from [RSI] to [RDI] and advances both; RCX may change.
        Routine("RhpByRefAssignRef");
        _asm.mov(rcx, __qword_ptr[rsi]);
        _asm.mov(__qword_ptr[rdi], rcx);
        _asm.add(rdi, 8);
        _asm.add(rsi, 8);
        _asm.ret();
    }

    /// <summary>The machine code; position independent but for one operand.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The offset of each routine.</summary>
    public IReadOnlyList<(string Name, uint Offset)> Symbols { get; private set; } = [];

    /// <summary>Offset of the 8 bytes that take the address of the layout table.</summary>
    public int LayoutTableOperand { get; private set; }

    public static UserRoutines Assemble()
    {
        var routines = new UserRoutines();
        using var stream = new MemoryStream();
        AssemblerResult result =
            routines._asm.Assemble(new StreamCodeWriter(stream), 0, BlockEncoderOptions.ReturnNewInstructionOffsets);
        var symbols = new List<(string, uint)>();
        foreach ((string name, Label label) in routines._routines) symbols.Add((name, (uint)result.GetLabelRIP(label)));
        routines.Bytes = stream.ToArray();
        routines.Symbols = symbols;
        routines.LayoutTableOperand = (int)symbols.Find(symbol => symbol.Item1 == "image_layout").Item2 + 2;
        return routines;
    }

    private void Routine(string name)
    {
        Label label = _asm.CreateLabel();
        _asm.Label(ref label);
        _routines.Add((name, label));
    }
}
