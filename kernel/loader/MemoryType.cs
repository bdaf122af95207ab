namespace Memcachier.Kernel.Loader;

/// <summary>What a range of the memory map is (Xen's x86/HVM direct boot ABI; the numbers are those of BIOS function E820).</summary>
public enum MemoryType
{
    Ram = 1,
    Reserved = 2,
    Acpi = 3,
    AcpiNvs = 4,
    Unusable = 5,
    Disabled = 6,
    Persistent = 7,
}
