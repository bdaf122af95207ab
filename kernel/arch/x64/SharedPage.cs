using System.Runtime.InteropServices;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>
/// The start of the page through which ring 0 tells ring 3 what it saw (kernel/build/assembler/RingZeroLayout.cs has the
/// same offsets).
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x1000)]
public struct SharedPage
{
    /// <summary>What the loader left in EBX: the address of hvm_start_info.</summary>
    [FieldOffset(0x00)]
    public ulong StartInfo;

    /// <summary>The time-stamp counter at entry.</summary>
    [FieldOffset(0x08)]
    public ulong EntryTimestamp;

    /// <summary>1 if the boot code switched the local APIC to x2APIC mode.</summary>
    [FieldOffset(0x10)]
    public uint X2Apic;
}
