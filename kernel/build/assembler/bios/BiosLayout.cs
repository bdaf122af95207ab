namespace Memcachier.Kernel.Build;

/// <summary>
/// Where the BIOS loader lives: below 512 KiB, clear of what firmware keeps for itself. The addresses are fixed, because code of
/// three widths jumps from one part to the next; bios.ld and BiosMemory of kernel/loader/bios know some of them.
/// </summary>
/// <remarks>
/// <code>
/// 0x01000  page tables     PML4, PDPT and four page directories: the first 4 GiB, identity-mapped
/// 0x07000  real mode       stack for the firmware's functions, down from 0x7C00
/// 0x07C00  boot sector
/// 0x08000  code            of all widths, one page; the disk's partition begins with it
/// 0x09000  data            descriptors, variables, links to the C# side
/// 0x0A000  handover        HandoverCode
/// 0x0B000  C#              text, constants, data
/// 0x28000  memory          what the C# side divides (BiosMemory)
/// 0x38000  C#'s stack      down from 0x40000
/// 0x40000  disk windows
/// </code>
/// </remarks>
public static class BiosLayout
{
    public const uint Pml4 = 0x1000;
    public const uint Pdpt = 0x2000;
    public const uint PageDirectories = 0x3000;
    public const uint PageTablesEnd = 0x7000;

    public const uint BootSector = 0x7C00;
    public const uint RealStackTop = BootSector;

    public const uint CodeBase = 0x8000;
    public const int PageSize = 0x1000;
    public const uint Start16 = CodeBase;
    public const uint Enter16 = CodeBase + 0x140;
    public const uint Enter32 = CodeBase + 0x160;
    public const uint Code64 = CodeBase + 0x200;
    public const uint Leave32 = CodeBase + 0x600;
    public const uint Leave16 = CodeBase + 0x660;
    public const uint Real = CodeBase + 0x6A0;
    public const uint CodeEnd = CodeBase + PageSize;

    public const uint DataBase = 0x9000;
    public const uint Gdt = DataBase;
    public const uint Gdtr = DataBase + 0x40;
    public const uint Idtr = DataBase + 0x48;
    public const uint RealIdtr = DataBase + 0x58;
    public const uint StackPointer = DataBase + 0x60;
    public const uint Resume = DataBase + 0x68;
    public const uint SavedCr0 = DataBase + 0x70;
    public const uint SavedCr4 = DataBase + 0x74;
    public const uint MxCsr = DataBase + 0x78;
    public const uint Drive = DataBase + 0x7C;
    public const uint Handler = DataBase + 0x80;
    public const uint Links = DataBase + 0xC0;
    public const uint Registers = DataBase + 0x100;
    public const uint Idt = DataBase + 0x200;
    public const uint NoLongModeText = DataBase + 0x400;

    public const uint Handover = 0xA000;
    public const uint ImageBase = 0xB000;
    public const uint ImageLimit = 0x2_8000;
    public const uint StackTop = 0x4_0000;

    /// <summary>In the first bytes of the second stage, behind a jump: what the boot sector looks for.</summary>
    public const uint MagicAddress = CodeBase + 4;
    public const uint Magic = 0x3143_4D42;                  // "BMC1"

    /// <summary>The first sector of the second stage's partition.</summary>
    public const uint StageSector = 34;

    public const int SectorSize = 512;
}
