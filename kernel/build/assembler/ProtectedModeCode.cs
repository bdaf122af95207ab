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

    private readonly Assembler _ = new(32);
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
        AssemblerResult result = code._.Assemble(new StreamCodeWriter(stream), start);
        Debug.Assert(result.Result.Length == 1, "one block in, one block out");
        return stream.ToArray();
    }

    private Label _unfit;
    private Label _print;

    private void EmitStart()
    {
        _unfit = _.CreateLabel();
        _print = _.CreateLabel();
        _.cli();
        _.cld();
        _.mov(esp, RingZeroLayout.GateStackTop);
        _.mov(ebp, ebx);
    }

    /// <summary>Walks the table of features; a leaf above the processor's highest means that it lacks the feature.</summary>
    private void EmitFeatureCheck()
    {
        Label row = _.CreateLabel();
        Label done = _.CreateLabel();
        _.mov(edi, _features.Start);
        _.Label(ref row);
        _.mov(esi, __dword_ptr[edi]);
        _.test(esi, esi);
        _.jz(done);
        _.mov(eax, esi);
        _.and(eax, unchecked((int)0x8000_0000));
        _.cpuid();
        _.cmp(eax, esi);
        _.jb(_unfit);
        _.mov(eax, esi);
        _.xor(ecx, ecx);
        _.cpuid();
        _.push(edx);
        _.push(ecx);
        _.push(ebx);
        _.push(eax);
        _.movzx(eax, __word_ptr[edi + 4]);
        _.movzx(ecx, __word_ptr[edi + 6]);
        _.mov(eax, __dword_ptr[esp + eax]);
        _.add(esp, 16);
        _.bt(eax, ecx);
        _.jnc(_unfit);
        _.add(edi, CpuFeatureTable.RowSize);
        _.jmp(row);
        _.Label(ref done);
    }

    /// <summary>One entry per level above, 2048 pages of 2 MiB below: virtual addresses are physical ones.</summary>
    private void EmitTables()
    {
        Label entry = _.CreateLabel();
        Label cached = _.CreateLabel();
        _.xor(eax, eax);
        _.mov(edi, RingZeroLayout.Pml4);
        _.mov(ecx, (RingZeroLayout.ZeroedEnd - RingZeroLayout.Pml4) / 4);
        _.rep.stosd();
        _.mov(__dword_ptr[RingZeroLayout.SharedStartInfo], ebp);
        _.rdtsc();
        _.mov(__dword_ptr[RingZeroLayout.SharedEntryTsc], eax);
        _.mov(__dword_ptr[RingZeroLayout.SharedEntryTsc + 4], edx);

        _.mov(__dword_ptr[RingZeroLayout.Pml4], RingZeroLayout.Pdpt | PageTableEntry);
        for (uint gib = 0; gib < 4; gib++)
        {
            _.mov(__dword_ptr[RingZeroLayout.Pdpt + (gib * 8)],
                (RingZeroLayout.PageDirectories + (gib * 0x1000)) | PageTableEntry);
        }
        _.mov(edi, RingZeroLayout.PageDirectories);
        _.mov(eax, LargePageEntry);
        _.Label(ref entry);
        _.mov(__dword_ptr[edi], eax);
        _.add(edi, 8);
        _.add(eax, 0x20_0000);
        _.cmp(eax, unchecked((int)0xC000_0000) | LargePageEntry);
        _.jne(cached);
        _.or(eax, DeviceFlag);
        _.Label(ref cached);
        _.cmp(edi, RingZeroLayout.PageDirectories + 0x4000);
        _.jb(entry);
    }

    private void EmitLongMode(uint longModeEntry)
    {
        _.mov(eax, Cr4);
        _.mov(cr4, eax);
        _.mov(eax, RingZeroLayout.Pml4);
        _.mov(cr3, eax);
        _.mov(ecx, MsrEfer);
        _.rdmsr();
        _.or(eax, EferLongModeNoExecute);
        _.wrmsr();
        _.sub(esp, 8);
        _.mov(__word_ptr[esp], DescriptorTables.GdtLimit);
        _.mov(__dword_ptr[esp + 2], RingZeroLayout.Gdt);
        _.lgdt(__[esp]);
        _.mov(eax, Cr0);
        _.mov(cr0, eax);
        _.push(Selectors.KernelCode);
        _.push(longModeEntry);
        _.retf();
    }

    /// <summary>Says on the serial port what is missing, and ends the machine.</summary>
    private void EmitPrint()
    {
        Label halt = _.CreateLabel();
        _.Label(ref _unfit);
        _.mov(esi, _features.Before);
        _.call(_print);
        _.mov(esi, __dword_ptr[edi + 8]);
        _.call(_print);
        _.mov(esi, _features.After);
        _.call(_print);
        _.mov(edx, BootObject.DebugExitPort);
        _.mov(eax, BootObject.DebugExitCrash);
        _.@out(dx, al);
        _.Label(ref halt);
        _.hlt();
        _.jmp(halt);

        Label wait = _.CreateLabel();
        Label ready = _.CreateLabel();
        Label end = _.CreateLabel();
        _.Label(ref _print);
        _.lodsb();
        _.test(al, al);
        _.jz(end);
        _.mov(ebx, eax);
        _.mov(ecx, SerialPatience);
        _.mov(edx, SerialLineStatus);
        _.Label(ref wait);
        _.@in(al, dx);
        _.test(al, SerialTransmitterEmpty);
        _.jnz(ready);
        _.dec(ecx);
        _.jnz(wait);
        _.Label(ref ready);
        _.mov(edx, SerialPort);
        _.mov(eax, ebx);
        _.@out(dx, al);
        _.jmp(_print);
        _.Label(ref end);
        _.ret();
    }
}
