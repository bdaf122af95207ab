namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// What a function of the firmware is given in registers, and what it leaves in them. The boot assembler's bios_call knows the
/// order.
/// </summary>
public struct BiosRegisters
{
    private const uint CarryFlag = 1;

    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;
    public uint Esi;
    public uint Edi;
    public ushort Es;
    public ushort Ds;
    public uint Flags;

    /// <summary>How most functions say that they failed.</summary>
    public readonly bool IsCarry => (Flags & CarryFlag) != 0;

    /// <summary>The segment by which an address in the first megabyte is reached; the offset is <see cref="OffsetOf"/>.</summary>
    public static ushort SegmentOf(uint address) => (ushort)(address >> 4);

    public static ushort OffsetOf(uint address) => (ushort)(address & 15);
}
