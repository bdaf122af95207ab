namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// What of physical memory the loader uses, in bytes; BiosLayout of the boot assembler has what lies below. The firmware's
/// functions reach the first megabyte only, of which it keeps the end for itself.
/// </summary>
public static class BiosMemory
{
    /// <summary>Where `new` takes its memory from.</summary>
    public const uint Arena = 0x2_8000, ArenaEnd = 0x2_A000;

    /// <summary>What a function of the firmware reads from or writes to.</summary>
    public const uint Exchange = 0x2_A000;
    public const int ExchangeLength = 0x1000;

    /// <summary>What the kernel is told.</summary>
    public const uint StartInfo = 0x3_0000;

    /// <summary>Windows of the disk: each 64 KiB, so that a read crosses no boundary of those.</summary>
    public const uint Windows = 0x4_0000;
    public const uint WindowLength = 0x1_0000;
    public const int WindowCount = 4;

    /// <summary>Where files are read to, before the kernel's parts go to where they belong.</summary>
    public const uint File = 0x80_0000;
    public const int FileLengthMax = 0x40_0000;

    /// <summary>Behind all of these.</summary>
    public const long Length = File + FileLengthMax;
}
