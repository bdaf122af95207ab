namespace Memcachier.Packaging.Image;

/// <summary>Where things are on the disk, in sectors.</summary>
/// <remarks>
/// <code>
///   0            protective MBR with boot code
///   1            GPT header
///   2  .. 33     GPT entries
///   34 .. 2047   BIOS boot partition: the second stage, from its first sector on
///   2048 ..      EFI system partition: FAT16
///   last 33      GPT entries and header again
/// </code>
/// </remarks>
public static class DiskLayout
{
    /// <summary>Size of a sector in bytes.</summary>
    public const int SectorSize = 512;

    /// <summary>Sectors of the smallest disk: 8 MiB.</summary>
    public const long SectorCount = 16384;

    /// <summary>The first sector behind the partition table, and of the BIOS boot partition.</summary>
    public const long BiosBootFirst = 34;

    public const long BiosBootLast = 2047;

    /// <summary>At 1 MiB, as everybody aligns partitions.</summary>
    public const long SystemFirst = 2048;

    /// <summary>
    /// Up to the backup table of the smallest disk, but for a sector: partitions have an even number of them. Larger disks leave
    /// the rest free.
    /// </summary>
    public const long SystemLast = SectorCount - BackupTableSectors - 2;

    /// <summary>Sectors of the backup table: the entries, and behind them the header.</summary>
    public const int BackupTableSectors = 33;
}
