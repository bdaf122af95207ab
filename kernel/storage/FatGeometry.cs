using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// What a FAT volume's boot sector says about it, in bytes from the volume's start ("FAT: General Overview of On-Disk
/// Format", Microsoft, 2000; the names of its fields are in the comments).
/// </summary>
/// <remarks>
/// <code>
///   [ reserved sectors, the boot sector first ][ file allocation tables ][ root directory: FAT12/16 only ][ clusters ]
/// </code>
/// </remarks>
internal readonly struct FatGeometry
{
    private const int EntrySize = 32;
    private const int BytesPerSectorMin = 512, BytesPerSectorMax = 4096;
    private const ushort Signature = 0xAA55;
    private const int SignatureOffset = 510;
    private const byte MediaMin = 0xF0;

    /// <summary>Volumes of fewer clusters are FAT12.</summary>
    private const uint Fat16ClustersMin = 4085;

    /// <summary>The highest numbers of clusters are marks.</summary>
    private const uint ClusterCountMax = 0x0FFF_FFF5;

    private FatGeometry(
        int bits, ulong tableOffset, ulong rootOffset, uint rootEntryCount, uint rootCluster, ulong dataOffset,
        uint clusterSize, uint clusterCount)
    {
        Bits = bits;
        TableOffset = tableOffset;
        RootOffset = rootOffset;
        RootEntryCount = rootEntryCount;
        RootCluster = rootCluster;
        DataOffset = dataOffset;
        ClusterSize = clusterSize;
        ClusterCount = clusterCount;
    }

    /// <summary>Width of an entry of the table: 12, 16 or 32.</summary>
    public int Bits { get; }

    public ulong TableOffset { get; }

    /// <summary>FAT12 and FAT16 only.</summary>
    public ulong RootOffset { get; }

    /// <summary>FAT12 and FAT16 only.</summary>
    public uint RootEntryCount { get; }

    /// <summary>FAT32 only.</summary>
    public uint RootCluster { get; }

    /// <summary>Where cluster 2 is, which is the first.</summary>
    public ulong DataOffset { get; }

    /// <summary>Size in bytes: a multiple of 512.</summary>
    public uint ClusterSize { get; }

    /// <summary>Never more than the table has entries for.</summary>
    public uint ClusterCount { get; }

    /// <summary>Fails if this is no boot sector of FAT, or if it contradicts itself.</summary>
    public static bool TryRead(ReadOnlySpan<byte> boot, out FatGeometry geometry)
    {
        geometry = default;
        if (Read16(boot, SignatureOffset) != Signature) return false;
        uint bytesPerSector = Read16(boot, 11);                                // BPB_BytsPerSec
        uint sectorsPerCluster = boot[13];                                     // BPB_SecPerClus
        uint reservedCount = Read16(boot, 14);                                 // BPB_RsvdSecCnt
        uint tableCount = boot[16];                                            // BPB_NumFATs
        uint rootEntryCount = Read16(boot, 17);                                // BPB_RootEntCnt
        uint sectorCount = Read16(boot, 19);                                   // BPB_TotSec16
        if (sectorCount == 0) sectorCount = Read32(boot, 32);                  // BPB_TotSec32
        uint tableSectors = Read16(boot, 22);                                  // BPB_FATSz16
        bool isFat32 = tableSectors == 0;
        if (isFat32) tableSectors = Read32(boot, 36);                          // BPB_FATSz32
        if (!BitOperations.IsPow2(bytesPerSector) || !BitOperations.IsPow2(sectorsPerCluster)) return false;
        if (bytesPerSector is < BytesPerSectorMin or > BytesPerSectorMax) return false;
        if (reservedCount == 0 || tableCount == 0 || tableSectors == 0) return false;
        if (boot[21] < MediaMin) return false;                                 // BPB_Media
        if (isFat32 && Read16(boot, 42) != 0) return false;                    // BPB_FSVer
        if (!isFat32 && rootEntryCount == 0) return false;

        // Every factor is below 2^32, so none of these can overflow.
        ulong tablesSectors = (ulong)tableCount * tableSectors;
        ulong rootSectors = isFat32 ? 0 : ((rootEntryCount * EntrySize) + bytesPerSector - 1) / bytesPerSector;
        ulong rootSector = reservedCount + tablesSectors;
        ulong dataSector = rootSector + rootSectors;
        if (dataSector >= sectorCount) return false;
        ulong clusterCount = (sectorCount - dataSector) / sectorsPerCluster;
        int bits = isFat32 ? 32 : clusterCount < Fat16ClustersMin ? 12 : 16;
        ulong tableEntries = (ulong)tableSectors * bytesPerSector * 8 / (uint)bits;
        clusterCount = Math.Min(Math.Min(clusterCount, tableEntries - 2), ClusterCountMax);
        geometry = new FatGeometry(
            bits, (ulong)reservedCount * bytesPerSector, rootSector * bytesPerSector, rootEntryCount,
            isFat32 ? Read32(boot, 44) : 0,                                    // BPB_RootClus
            dataSector * bytesPerSector, bytesPerSector * sectorsPerCluster, (uint)clusterCount);
        return true;
    }

    /// <summary>Whether there is such a cluster.</summary>
    public bool Has(uint cluster) => cluster >= 2 && cluster - 2 < ClusterCount;

    /// <summary>Where a cluster that there is begins.</summary>
    public ulong OffsetOf(uint cluster) => DataOffset + ((ulong)(cluster - 2) * ClusterSize);

    private static ushort Read16(ReadOnlySpan<byte> octets, int offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(octets.Slice(offset));

    private static uint Read32(ReadOnlySpan<byte> octets, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(octets.Slice(offset));
}
