using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Storage;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// A disk's GUID partition table (UEFI 2.10 §5.3), as far as finding the EFI system partition takes. Whoever writes another
/// checksum can write another table too, so those are not looked at; where things lie is.
/// </summary>
internal static class GuidPartitions
{
    /// <summary>More partitions than any tool makes room for.</summary>
    public const uint EntryCountMax = 128;

    private const int HeaderLength = 92;
    private const int EntriesSectorOffset = 72, EntryCountOffset = 80, EntryLengthOffset = 84;
    private const uint EntryLengthMin = 128, EntryLengthMax = 4096;
    private const int EntryUsedLength = 48, FirstSectorOffset = 32, LastSectorOffset = 40;

    /// <summary>C12A7328-F81F-11D2-BA4B-00A0C93EC93B (table 5.7); the first three fields are little-endian.</summary>
    private static ReadOnlySpan<byte> SystemPartition =>
        [0x28, 0x73, 0x2A, 0xC1, 0x1F, 0xF8, 0xD2, 0x11, 0xBA, 0x4B, 0x00, 0xA0, 0xC9, 0x3E, 0xC9, 0x3B];

    /// <summary>Finds the first EFI system partition.</summary>
    public static bool TryFindSystemPartition<TBlocks>(Extent<TBlocks> disk, out Extent<TBlocks> partition)
        where TBlocks : struct, IBlockReader
    {
        partition = default;
        Span<byte> header = stackalloc byte[HeaderLength];
        if (!disk.TryRead(BlockReader.SectorSize, header) || !header.StartsWith("EFI PART"u8)) return false;
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(EntriesSectorOffset));
        uint count = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header.Slice(EntryCountOffset)), EntryCountMax);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header.Slice(EntryLengthOffset));
        if (length is < EntryLengthMin or > EntryLengthMax) return false;
        ulong sectorCount = disk.Length / BlockReader.SectorSize;
        if (table < 2 || table >= sectorCount) return false;

        Span<byte> entry = stackalloc byte[EntryUsedLength];
        for (uint i = 0; i < count; i++)
        {
            if (!disk.TryRead((table * BlockReader.SectorSize) + (i * length), entry)) return false;
            if (!entry.StartsWith(SystemPartition)) continue;
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(entry.Slice(FirstSectorOffset));
            ulong last = BinaryPrimitives.ReadUInt64LittleEndian(entry.Slice(LastSectorOffset));
            if (first > last || last >= sectorCount) continue;
            partition = disk.Part(first, last - first + 1);
            return true;
        }
        return false;
    }
}
