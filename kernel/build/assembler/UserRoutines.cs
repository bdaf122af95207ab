using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// Ring-3 routines for what C# has no words for. System V calling convention; kernel/arch/x64/Processor.cs and Gate.cs
/// import them by name. The Rhp ones are the compiler's write barriers: there is no collector to tell, so they just store.
/// </summary>
public sealed class UserRoutines
{
    private readonly Assembler _ = new(64);
    private readonly List<(string Name, Label Label)> _routines = [];

    private UserRoutines()
    {
        // ulong gate_call(ulong service, ulong first, ulong second)
        Routine("gate_call");
        _.mov(rax, rdi);
        _.mov(rcx, rdx);
        _.mov(rdx, rsi);
        _.int3();
        _.ret();

        // ulong processor_timestamp(): ordered after everything before it (SDM 2B, RDTSC).
        Routine("processor_timestamp");
        _.lfence();
        _.rdtsc();
        _.shl(rdx, 32);
        _.or(rax, rdx);
        _.ret();

        // void processor_cpuid(uint leaf, uint subleaf, uint* registers): EAX, EBX, ECX, EDX
        Routine("processor_cpuid");
        _.push(rbx);
        _.mov(r8, rdx);
        _.mov(eax, edi);
        _.mov(ecx, esi);
        _.cpuid();
        _.mov(__dword_ptr[r8], eax);
        _.mov(__dword_ptr[r8 + 4], ebx);
        _.mov(__dword_ptr[r8 + 8], ecx);
        _.mov(__dword_ptr[r8 + 12], edx);
        _.pop(rbx);
        _.ret();

        // bool processor_rdrand(ulong* value), bool processor_rdseed(ulong* value)
        Routine("processor_rdrand");
        _.rdrand(rcx);
        _.setc(al);
        _.movzx(eax, al);
        _.mov(__qword_ptr[rdi], rcx);
        _.ret();
        Routine("processor_rdseed");
        _.rdseed(rcx);
        _.setc(al);
        _.movzx(eax, al);
        _.mov(__qword_ptr[rdi], rcx);
        _.ret();

        // ulong processor_frame_pointer()
        Routine("processor_frame_pointer");
        _.mov(rax, rbp);
        _.ret();

        Routine("RhpAssignRef");
        _.mov(__qword_ptr[rdi], rsi);
        _.ret();
        Routine("RhpCheckedAssignRef");
        _.mov(__qword_ptr[rdi], rsi);
        _.ret();

        // Copies one reference from [RSI] to [RDI] and advances both; RCX may change.
        Routine("RhpByRefAssignRef");
        _.mov(rcx, __qword_ptr[rsi]);
        _.mov(__qword_ptr[rdi], rcx);
        _.add(rdi, 8);
        _.add(rsi, 8);
        _.ret();
    }

    /// <summary>The machine code (position independent) and the offset of each routine in it.</summary>
    public static (byte[] Bytes, IReadOnlyList<(string Name, uint Offset)> Symbols) Assemble()
    {
        var routines = new UserRoutines();
        using var stream = new MemoryStream();
        AssemblerResult result =
            routines._.Assemble(new StreamCodeWriter(stream), 0, BlockEncoderOptions.ReturnNewInstructionOffsets);
        var symbols = new List<(string, uint)>();
        foreach ((string name, Label label) in routines._routines) symbols.Add((name, (uint)result.GetLabelRIP(label)));
        return (stream.ToArray(), symbols);
    }

    private void Routine(string name)
    {
        Label label = _.CreateLabel();
        _.Label(ref label);
        _routines.Add((name, label));
    }
}
