using System.Diagnostics;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// The PVH entry point: 32-bit, paging off, EBX the address of hvm_start_info (Xen's x86/HVM direct boot ABI). It checks
/// the processor, maps the first 4 GiB and enters long mode.
/// </summary>
public sealed class ProtectedModeCode
{
    private const int PageTableEntry = 0x07;              // present, writable, user
    private const int LargePageEntry = 0x87;              // and the last level
    private const int DeviceFlag = 0x10;                  // not cached: the fourth GiB is where devices are

    private const int Cr0 = unchecked((int)0x8001_0023);                 // PG WP NE MP PE
    private const int Cr4 = 1 << 5 | 1 << 9 | 1 << 10 | 1 << 18;         // PAE OSFXSR OSXMMEXCPT OSXSAVE
    private const uint MsrEfer = 0xC000_0080;
    private const int EferLongModeNoExecute = 1 << 8 | 1 << 11;
    private const int SerialPort = 0x3F8;
    private const int SerialLineStatus = SerialPort + 5;
    private const int SerialTransmitterEmpty = 0x20;
    private const int SerialPatience = 1 << 20;

    private readonly Assembler _asm = new(32);
    private readonly CpuFeatureTable _features;

    private ProtectedModeCode(CpuFeatureTable features) => _features = features;

    /// <summary>Assembles the code for <paramref name="start"/>; it ends in a jump to <paramref name="longModeEntry"/>.</summary>
    public static byte[] Assemble(uint start, CpuFeatureTable features, uint longModeEntry)
    {
        var code = new ProtectedModeCode(features);
        code.EmitStart();
        code.EmitFeatureCheck();
        code.EmitTables();
        code.EmitLongMode(longModeEntry);
        code.EmitPrint();
        using var stream = new MemoryStream();
        AssemblerResult result = code._asm.Assemble(new StreamCodeWriter(stream), start);
        Debug.Assert(result.Result.Length == 1, "one block in, one block out");
        return stream.ToArray();
    }

    private Label _unfit;
    private Label _print;

    private void EmitStart()
    {
        _unfit = _asm.CreateLabel();
        _print = _asm.CreateLabel();
        _asm.cli();
        _asm.cld();
        _asm.mov(esp, RingZeroLayout.GateStackTop);
        _asm.mov(ebp, ebx);
    }

    /// <summary>Walks the table of features; a leaf above the processor's highest means that it lacks the feature.</summary>
    private void EmitFeatureCheck()
    {
        Label row = _asm.CreateLabel();
        Label done = _asm.CreateLabel();
        _asm.mov(edi, _features.Start);
        _asm.Label(ref row);
        _asm.mov(esi, __dword_ptr[edi]);
        _asm.test(esi, esi);
        _asm.jz(done);
        _asm.mov(eax, esi);
        _asm.and(eax, unchecked((int)0x8000_0000));
        _asm.cpuid();
        _asm.cmp(eax, esi);
        _asm.jb(_unfit);
        _asm.mov(eax, esi);
        _asm.xor(ecx, ecx);
        _asm.cpuid();
        _asm.push(edx);
        _asm.push(ecx);
        _asm.push(ebx);
        _asm.push(eax);
        _asm.movzx(eax, __word_ptr[edi + 4]);
        _asm.movzx(ecx, __word_ptr[edi + 6]);
        _asm.mov(eax, __dword_ptr[esp + eax]);
        _asm.add(esp, 16);
        _asm.bt(eax, ecx);
        _asm.jnc(_unfit);
        _asm.add(edi, CpuFeatureTable.RowSize);
        _asm.jmp(row);
        _asm.Label(ref done);
    }

    /// <summary>One entry per level above, 2048 pages of 2 MiB below: virtual addresses are physical ones.</summary>
    private void EmitTables()
    {
        Label entry = _asm.CreateLabel();
        Label cached = _asm.CreateLabel();
        _asm.xor(eax, eax);
        _asm.mov(edi, RingZeroLayout.Pml4);
        _asm.mov(ecx, (RingZeroLayout.ZeroedEnd - RingZeroLayout.Pml4) / 4);
        _asm.rep.stosd();
        _asm.mov(__dword_ptr[RingZeroLayout.SharedStartInfo], ebp);
        _asm.rdtsc();
        _asm.mov(__dword_ptr[RingZeroLayout.SharedEntryTsc], eax);
        _asm.mov(__dword_ptr[RingZeroLayout.SharedEntryTsc + 4], edx);

        _asm.mov(__dword_ptr[RingZeroLayout.Pml4], RingZeroLayout.Pdpt | PageTableEntry);
        for (uint gib = 0; gib < 4; gib++)
        {
            _asm.mov(__dword_ptr[RingZeroLayout.Pdpt + (gib * 8)],
                (RingZeroLayout.PageDirectories + (gib * 0x1000)) | PageTableEntry);
        }
        _asm.mov(edi, RingZeroLayout.PageDirectories);
        _asm.mov(eax, LargePageEntry);
        _asm.Label(ref entry);
        _asm.mov(__dword_ptr[edi], eax);
        _asm.add(edi, 8);
        _asm.add(eax, 0x20_0000);
        _asm.cmp(eax, unchecked((int)0xC000_0000) | LargePageEntry);
        _asm.jne(cached);
        _asm.or(eax, DeviceFlag);
        _asm.Label(ref cached);
        _asm.cmp(edi, RingZeroLayout.PageDirectories + 0x4000);
        _asm.jb(entry);
    }

    private void EmitLongMode(uint longModeEntry)
    {
        _asm.mov(eax, Cr4);
        _asm.mov(cr4, eax);
        _asm.mov(eax, RingZeroLayout.Pml4);
        _asm.mov(cr3, eax);
        _asm.mov(ecx, MsrEfer);
        _asm.rdmsr();
        _asm.or(eax, EferLongModeNoExecute);
        _asm.wrmsr();
        _asm.sub(esp, 8);
        _asm.mov(__word_ptr[esp], DescriptorTables.GdtLimit);
        _asm.mov(__dword_ptr[esp + 2], RingZeroLayout.Gdt);
        _asm.lgdt(__[esp]);
        _asm.mov(eax, Cr0);
        _asm.mov(cr0, eax);
        _asm.push(Selectors.KernelCode);
        _asm.push(longModeEntry);
        _asm.retf();
    }

    /// <summary>Says on the serial port what is missing, and ends the machine.</summary>
    private void EmitPrint()
    {
        Label halt = _asm.CreateLabel();
        _asm.Label(ref _unfit);
        _asm.mov(esi, _features.Before);
        _asm.call(_print);
        _asm.mov(esi, __dword_ptr[edi + 8]);
        _asm.call(_print);
        _asm.mov(esi, _features.After);
        _asm.call(_print);
        _asm.mov(edx, BootObject.DebugExitPort);
        _asm.mov(eax, BootObject.DebugExitCrash);
        _asm.@out(dx, al);
        _asm.Label(ref halt);
        _asm.hlt();
        _asm.jmp(halt);

        Label wait = _asm.CreateLabel();
        Label ready = _asm.CreateLabel();
        Label end = _asm.CreateLabel();
        _asm.Label(ref _print);
        _asm.lodsb();
        _asm.test(al, al);
        _asm.jz(end);
        _asm.mov(ebx, eax);
        _asm.mov(ecx, SerialPatience);
        _asm.mov(edx, SerialLineStatus);
        _asm.Label(ref wait);
        _asm.@in(al, dx);
        _asm.test(al, SerialTransmitterEmpty);
        _asm.jnz(ready);
        _asm.dec(ecx);
        _asm.jnz(wait);
        _asm.Label(ref ready);
        _asm.mov(edx, SerialPort);
        _asm.mov(eax, ebx);
        _asm.@out(dx, al);
        _asm.jmp(_print);
        _asm.Label(ref end);
        _asm.ret();
    }
}
