namespace Memcachier.Kernel.Build;

/// <summary>
/// Where ring 0 lives: the second megabyte. The image's C# starts right above it, at 2 MiB. The addresses are fixed, so
/// that descriptor tables are constant data and 32-bit code needs no relocation; image.ld asserts them.
/// </summary>
/// <remarks>
/// <code>
/// 0x100000  code           the only code that runs in ring 0, one page
/// 0x101000  descriptors    GDT, TSS, variables, links to the C# side
/// 0x102000  IDT            256 gates
/// 0x103000  boot tables    PML4, PDPT and four page directories: the first 4 GiB, identity-mapped
/// 0x10A000  gate stack     for the gate and for interrupts; the page below it stays unmapped
/// 0x10C000  fault stack    for double faults, NMI and machine checks; the page below it stays unmapped
/// 0x10E000  shared page    the one page of these that C# can read and write
/// 0x110000  page tables    what C# builds before it seals them
/// 0x200000  image          text, read-only data, data
/// </code>
/// </remarks>
public static class RingZeroLayout
{
    public const uint CodeBase = 0x100000;
    public const int CodeSize = 0x1000;

    public const uint DescriptorBase = 0x101000;
    public const uint Gdt = DescriptorBase;
    public const uint Tss = DescriptorBase + 0x100;
    public const uint SealedFlag = DescriptorBase + 0x200;
    public const uint CrashingFlag = DescriptorBase + 0x204;
    public const uint X2ApicFlag = DescriptorBase + 0x208;
    public const uint ButtonPort = DescriptorBase + 0x20C;
    public const uint SwitchPort = DescriptorBase + 0x210;
    public const uint Links = DescriptorBase + 0x300;

    public const uint Idt = 0x102000;
    public const uint DescriptorEnd = 0x103000;

    public const uint Pml4 = 0x103000;
    public const uint Pdpt = 0x104000;
    public const uint PageDirectories = 0x105000;
    public const uint GateStackTop = 0x10B000;
    public const uint FaultStackTop = 0x10D000;

    public const uint SharedPage = 0x10E000;
    public const uint SharedStartInfo = SharedPage;
    public const uint SharedEntryTsc = SharedPage + 0x08;
    public const uint SharedX2Apic = SharedPage + 0x10;
    public const uint SharedInterruptCounts = SharedPage + 0x100;
    public const uint SharedFaultFrame = SharedPage + 0x200;

    public const uint ZeroedEnd = 0x10F000;
    public const uint ImageBase = 0x200000;
}
