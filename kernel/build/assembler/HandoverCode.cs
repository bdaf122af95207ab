using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// A loader's last code: leaves long mode, puts the kernel in its place and enters it as PVH wants it (Xen's x86/HVM direct
/// boot ABI): 32 bits, no paging, EBX the address of the start info. It is copied to a page below 4 GiB that the kernel does not
/// cover, and is position independent; what it copies may cover everything else, the loader too.
/// </summary>
/// <remarks>
/// Entered in 64-bit mode in a page whose virtual address is its physical one: EDI the list of copies (Handover of
/// kernel/loader), ESI the start info, EDX the kernel's entry. The copying is done without paging, which nobody's write
/// protection forbids.
/// </remarks>
public static class HandoverCode
{
    /// <summary>The code and its stack, in bytes: a page.</summary>
    public const int Length = 0x1000;

    private const int GdtOffset = 0x100;
    private const int GdtrOffset = 0x140;
    private const int FlatOffset = 0x180;
    private const int ListEntryLength = 16;

    private const short CodeSelector = 0x08;
    private const short DataSelector = 0x10;
    private const ulong FlatCode = 0x00CF_9A00_0000_FFFF;
    private const ulong FlatData = 0x00CF_9200_0000_FFFF;
    private const uint MsrEfer = 0xC000_0080;
    private const int Cr0ProtectedOnly = 0x11;                          // PE, ET
    private const int Cr0NoPaging = 0x7FFF_FFFF;
    private const int EferKeep = ~(1 << 8 | 1 << 11);                   // LME, NXE

    public static byte[] Assemble()
    {
        byte[] page = new byte[Length];
        Place(page, 0, GdtOffset, Long());
        Place(page, GdtOffset, GdtrOffset, Descriptors());
        Place(page, FlatOffset, Length / 2, Flat());
        return page;
    }

    private static void Place(byte[] page, int offset, int end, byte[] content)
    {
        Debug.Assert(offset + content.Length <= end, "the parts of the handover page overlap");
        content.CopyTo(page, offset);
    }

    private static byte[] Descriptors()
    {
        var gdt = new List<byte>(new byte[8]);
        gdt.AddRange(BitConverter.GetBytes(FlatCode));
        gdt.AddRange(BitConverter.GetBytes(FlatData));
        return [.. gdt];
    }

    private static byte[] Long()
    {
        var asm = new Assembler(64);
        Label start = asm.CreateLabel();
        asm.Label(ref start);
        asm.cli();
        asm.cld();
        asm.mov(ebx, esi);
        asm.mov(ebp, edx);
        // The page's address: the stack ends with it, and the descriptor table's is known by it.
        asm.lea(rax, __[start]);
        asm.lea(rsp, __[rax + Length]);
        asm.lea(rcx, __[rax + GdtOffset]);
        asm.mov(__word_ptr[rax + GdtrOffset], (3 * 8) - 1);
        asm.mov(__qword_ptr[rax + GdtrOffset + 2], rcx);
        asm.lgdt(__[rax + GdtrOffset]);
        asm.add(rax, FlatOffset);
        asm.push(CodeSelector);
        asm.push(rax);
        asm.AddInstruction(Instruction.Create(Code.Retfq));
        return Bytes(asm);
    }

    private static byte[] Flat()
    {
        var asm = new Assembler(32);
        Label next = asm.CreateLabel();
        Label placed = asm.CreateLabel();
        asm.mov(eax, DataSelector);
        asm.mov(ds, ax);
        asm.mov(es, ax);
        asm.mov(ss, ax);
        asm.mov(fs, ax);
        asm.mov(gs, ax);
        asm.mov(eax, cr0);
        asm.and(eax, Cr0NoPaging);
        asm.mov(cr0, eax);
        asm.mov(ecx, MsrEfer);
        asm.rdmsr();
        asm.and(eax, EferKeep);
        asm.wrmsr();
        asm.xor(eax, eax);
        asm.mov(cr4, eax);
        asm.mov(eax, Cr0ProtectedOnly);
        asm.mov(cr0, eax);

        asm.mov(edx, edi);
        asm.push(__dword_ptr[edx]);
        asm.add(edx, 4);
        asm.Label(ref next);
        asm.sub(__dword_ptr[esp], 1);
        asm.jc(placed);
        asm.mov(esi, __dword_ptr[edx]);
        asm.mov(edi, __dword_ptr[edx + 4]);
        asm.mov(ecx, __dword_ptr[edx + 8]);
        asm.rep.movsb();
        asm.mov(ecx, __dword_ptr[edx + 12]);
        asm.xor(eax, eax);
        asm.rep.stosb();
        asm.add(edx, ListEntryLength);
        asm.jmp(next);
        asm.Label(ref placed);
        asm.jmp(ebp);
        return Bytes(asm);
    }

    private static byte[] Bytes(Assembler asm)
    {
        using var stream = new MemoryStream();
        _ = asm.Assemble(new StreamCodeWriter(stream), 0);
        return stream.ToArray();
    }
}
