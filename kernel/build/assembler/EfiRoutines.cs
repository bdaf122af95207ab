using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// The doors between UEFI, which calls as Microsoft's compilers do (UEFI 2.10 §2.3.4), and compiled C#, which does as System V's
/// ABI says; and the few routines for what C# has no words for. Position independent but for one operand.
/// </summary>
public sealed class EfiRoutines
{
    private const int ShadowSpace = 32;

    private static readonly AssemblerRegisterXMM[] s_vectors = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    private readonly Assembler _asm = new(64);
    private readonly List<(string Name, Label Label)> _routines = [];

    private EfiRoutines()
    {
        EmitEntry();
        EmitCall();

        // void efi_handover(void* code, uint list, uint startInfo, uint entry): never returns.
        Routine("efi_handover");
        _asm.mov(rax, rdi);
        _asm.mov(edi, esi);
        _asm.mov(esi, edx);
        _asm.mov(edx, ecx);
        _asm.jmp(rax);

        // void* handover_code(): the operand as in efi_entry.
        Routine("handover_code");
        _asm.mov(rax, ulong.MaxValue >> 1);
        _asm.ret();

        // void port_write(ushort port, byte value), byte port_read(ushort port)
        Routine("port_write");
        _asm.mov(edx, edi);
        _asm.mov(eax, esi);
        _asm.@out(dx, al);
        _asm.ret();
        Routine("port_read");
        _asm.mov(edx, edi);
        _asm.xor(eax, eax);
        _asm.@in(al, dx);
        _asm.ret();

        // void processor_halt(): never returns.
        Routine("processor_halt");
        Label halt = _asm.CreateLabel();
        _asm.cli();
        _asm.Label(ref halt);
        _asm.hlt();
        _asm.jmp(halt);

        Routine("RhpAssignRef");
        _asm.mov(__qword_ptr[rdi], rsi);
        _asm.ret();
        Routine("RhpCheckedAssignRef");
        _asm.mov(__qword_ptr[rdi], rsi);
        _asm.ret();
    }

    /// <summary>The machine code.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The offset of each routine.</summary>
    public IReadOnlyList<(string Name, uint Offset)> Symbols { get; private set; } = [];

    /// <summary>Offset of the 8 bytes that take the address of efi_main.</summary>
    public int MainOperand { get; private set; }

    /// <summary>Offset of the 8 bytes that take the address of the handover page.</summary>
    public int HandoverOperand { get; private set; }

    public static EfiRoutines Assemble()
    {
        var routines = new EfiRoutines();
        using var stream = new MemoryStream();
        AssemblerResult result =
            routines._asm.Assemble(new StreamCodeWriter(stream), 0, BlockEncoderOptions.ReturnNewInstructionOffsets);
        var symbols = new List<(string, uint)>();
        foreach ((string name, Label label) in routines._routines) symbols.Add((name, (uint)result.GetLabelRIP(label)));
        routines.Bytes = stream.ToArray();
        routines.Symbols = symbols;
        routines.MainOperand = (int)symbols.Find(symbol => symbol.Item1 == "efi_entry").Item2 + 2;
        routines.HandoverOperand = (int)symbols.Find(symbol => symbol.Item1 == "handover_code").Item2 + 2;
        return routines;
    }

    /// <summary>EFI_STATUS efi_entry(EFI_HANDLE image, EFI_SYSTEM_TABLE* system): what the caller wants back is kept.</summary>
    private void EmitEntry()
    {
        Routine("efi_entry");
        // The linker fills in the operand, whose eight bytes follow two of opcode.
        _asm.mov(rax, ulong.MaxValue >> 1);
        _asm.push(rdi);
        _asm.push(rsi);
        _asm.sub(rsp, (s_vectors.Length * 16) + 8);
        for (int i = 0; i < s_vectors.Length; i++) _asm.movups(__[rsp + (i * 16)], s_vectors[i]);
        _asm.mov(rdi, rcx);
        _asm.mov(rsi, rdx);
        _asm.call(rax);
        for (int i = 0; i < s_vectors.Length; i++) _asm.movups(s_vectors[i], __[rsp + (i * 16)]);
        _asm.add(rsp, (s_vectors.Length * 16) + 8);
        _asm.pop(rsi);
        _asm.pop(rdi);
        _asm.ret();
    }

    /// <summary>ulong efi_call(void* function, ulong first, ulong second, ulong third, ulong fourth, ulong fifth)</summary>
    private void EmitCall()
    {
        Routine("efi_call");
        _asm.push(rbp);
        _asm.mov(rbp, rsp);
        _asm.and(rsp, -16);
        _asm.sub(rsp, ShadowSpace + 16);
        _asm.mov(__qword_ptr[rsp + ShadowSpace], r9);
        _asm.mov(r9, r8);
        _asm.mov(r8, rcx);
        _asm.mov(rax, rdi);
        _asm.mov(rcx, rsi);
        _asm.call(rax);
        _asm.mov(rsp, rbp);
        _asm.pop(rbp);
        _asm.ret();
    }

    private void Routine(string name)
    {
        Label label = _asm.CreateLabel();
        _asm.Label(ref label);
        _routines.Add((name, label));
    }
}
