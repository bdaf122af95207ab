using System;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// The code of the disk's first sector, which the BIOS loads to 0x7C00 and enters in real mode with the drive's number in DL
/// (BIOS Boot Specification 1.01 §6.5.1). It reads the second stage, whose length it was assembled for, by the extended read
/// function (EDD 3.0 §8), and enters it.
/// </summary>
public static class BiosBootSector
{
    /// <summary>What is free before the disk's signature and the partition table, in bytes.</summary>
    public const int Length = 440;

    private const byte Disk = 0x13;
    private const int CheckExtensions = 0x41, ExtendedRead = 0x42;
    private const int ExtensionsQuestion = 0x55AA, ExtensionsAnswer = 0xAA55;
    private const int PacketAccess = 1;
    private const int Attempts = 5;

    /// <summary>32 KiB: no read crosses a boundary of 64 KiB, and none is longer than 127 sectors.</summary>
    private const int SectorsPerRead = 64;

    // Below the sector: the address packet (EDD 3.0 §7.1).
    private const int Packet = (int)BiosLayout.BootSector - 0x100;
    private const int PacketLength = 16;
    private const int PacketCount = Packet + 2, PacketOffset = Packet + 4, PacketSegment = Packet + 6, PacketSector = Packet + 8;
    private const int StackTop = Packet;

    /// <summary>What is pushed first.</summary>
    private const int Drive = StackTop - 2;

    private static readonly byte[] s_noExtensions = BiosConsole.Message("this BIOS reads no disks by LBA; boot by UEFI");
    private static readonly byte[] s_unreadable = BiosConsole.Message("the disk cannot be read");
    private static readonly byte[] s_noStage = BiosConsole.Message("not all of the image is on the disk; write it again");

    /// <summary>Assembles the code for a second stage of this many sectors.</summary>
    public static byte[] Assemble(int sectorCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sectorCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            sectorCount, (int)(BiosLayout.ImageLimit - BiosLayout.CodeBase) / BiosLayout.SectorSize);
        byte[] sector = new byte[Length];
        int textLength = s_noExtensions.Length + s_unreadable.Length + s_noStage.Length;
        int texts = Length - textLength;
        byte[] code = Emit(sectorCount, (int)BiosLayout.BootSector + texts);
        if (code.Length > texts) throw new InvalidOperationException("the boot sector's code is too long");
        code.CopyTo(sector, 0);
        s_noExtensions.CopyTo(sector, texts);
        s_unreadable.CopyTo(sector, texts + s_noExtensions.Length);
        s_noStage.CopyTo(sector, texts + s_noExtensions.Length + s_unreadable.Length);
        return sector;
    }

    private static byte[] Emit(int sectorCount, int texts)
    {
        var asm = new Assembler(16);
        Label noExtensions = asm.CreateLabel();
        Label unreadable = asm.CreateLabel();
        Label fail = asm.CreateLabel();
        Label next = asm.CreateLabel();
        Label counted = asm.CreateLabel();
        Label attempt = asm.CreateLabel();
        Label read = asm.CreateLabel();

        // Some firmware comes as 07C0:0000. The offset of what follows the far jump's five bytes is its operand.
        asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1616, 0, BiosLayout.BootSector + 5));
        asm.xor(ax, ax);
        asm.mov(ds, ax);
        asm.mov(es, ax);
        asm.mov(ss, ax);
        asm.mov(sp, StackTop);
        asm.sti();
        asm.cld();
        asm.push(dx);

        asm.mov(ah, CheckExtensions);
        asm.mov(bx, ExtensionsQuestion);
        asm.@int(Disk);
        asm.jc(noExtensions);
        asm.cmp(bx, ExtensionsAnswer);
        asm.jne(noExtensions);
        asm.test(cl, PacketAccess);
        asm.jz(noExtensions);

        asm.mov(di, Packet);
        asm.mov(ax, PacketLength);
        asm.stosw();
        asm.xor(ax, ax);
        asm.stosw();
        asm.stosw();
        asm.mov(ax, (int)BiosLayout.CodeBase >> 4);
        asm.stosw();
        asm.mov(eax, BiosLayout.StageSector);
        asm.stosd();
        asm.xor(eax, eax);
        asm.stosd();
        asm.mov(di, (ushort)sectorCount);

        asm.Label(ref next);
        asm.mov(bx, Attempts);
        asm.Label(ref attempt);
        // The function changes the count when it fails.
        asm.mov(ax, SectorsPerRead);
        asm.cmp(di, ax);
        asm.jae(counted);
        asm.mov(ax, di);
        asm.Label(ref counted);
        asm.mov(__word_ptr[PacketCount], ax);
        asm.mov(si, Packet);
        asm.mov(dl, __byte_ptr[Drive]);
        asm.push(bx);
        asm.push(di);
        asm.mov(ah, ExtendedRead);
        asm.@int(Disk);
        asm.pop(di);
        asm.pop(bx);
        asm.jnc(read);
        asm.dec(bx);
        asm.jz(unreadable);
        asm.xor(ah, ah);                                   // reset
        asm.mov(dl, __byte_ptr[Drive]);
        asm.@int(Disk);
        asm.jmp(attempt);
        asm.Label(ref read);
        asm.add(__word_ptr[PacketSegment], SectorsPerRead * BiosLayout.SectorSize / 16);
        asm.add(__dword_ptr[PacketSector], SectorsPerRead);
        asm.sub(di, SectorsPerRead);
        asm.ja(next);

        asm.mov(si, (ushort)(texts + s_noExtensions.Length + s_unreadable.Length));
        asm.cmp(__dword_ptr[(int)BiosLayout.MagicAddress], BiosLayout.Magic);
        asm.jne(fail);
        asm.mov(dl, __byte_ptr[Drive]);
        asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1616, 0, BiosLayout.Start16));

        asm.Label(ref noExtensions);
        asm.mov(si, (ushort)texts);
        asm.jmp(fail);
        asm.Label(ref unreadable);
        asm.mov(si, (ushort)(texts + s_noExtensions.Length));
        BiosConsole.EmitFail(asm, fail);

        using var stream = new MemoryStream();
        _ = asm.Assemble(new StreamCodeWriter(stream), BiosLayout.BootSector);
        return stream.ToArray();
    }
}
