using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Memcachier.Packaging.Image.Gpt;

/// <summary>A GUID partition table (UEFI 2.10 §5.3), for a disk of any size.</summary>
internal sealed class GptTable
{
    private const int EntryCount = 128, EntrySize = 128, HeaderSize = 92;
    private const int EntriesSize = EntryCount * EntrySize;
    private const int EntriesSectors = EntriesSize / DiskLayout.SectorSize;
    private const int HeaderCrcOffset = 16, NameOffset = 56;
    private const uint Revision = 0x0001_0000;
    private const long PrimaryLba = 1, EntriesLba = 2;

    private readonly Guid _disk;
    private readonly byte[] _entries = new byte[EntriesSize];

    public GptTable(Guid disk, IReadOnlyList<GptPartition> partitions)
    {
        _disk = disk;
        for (int i = 0; i < partitions.Count; i++) WriteEntry(_entries.AsSpan(i * EntrySize), partitions[i]);
    }

    /// <summary>Writes the header and the entries, from sector 1 on.</summary>
    public void WritePrimary(Span<byte> disk, long sectorCount)
    {
        WriteHeader(disk[DiskLayout.SectorSize..], sectorCount, PrimaryLba, sectorCount - 1, EntriesLba);
        _entries.CopyTo(disk[(int)(EntriesLba * DiskLayout.SectorSize)..]);
    }

    /// <summary>The disk's last sectors: the entries, and behind them the header.</summary>
    public byte[] Backup(long sectorCount)
    {
        byte[] sectors = new byte[DiskLayout.BackupTableSectors * DiskLayout.SectorSize];
        _entries.CopyTo(sectors, 0);
        WriteHeader(
            sectors.AsSpan(EntriesSize), sectorCount, sectorCount - 1, PrimaryLba,
            sectorCount - DiskLayout.BackupTableSectors);
        return sectors;
    }

    private static void WriteEntry(Span<byte> entry, GptPartition partition)
    {
        _ = partition.Type.TryWriteBytes(entry);
        _ = partition.Unique.TryWriteBytes(entry[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(entry[32..], partition.First);
        BinaryPrimitives.WriteInt64LittleEndian(entry[40..], partition.Last);
        _ = Encoding.Unicode.GetBytes(partition.Name, entry[NameOffset..EntrySize]);
    }

    private void WriteHeader(Span<byte> header, long sectorCount, long self, long other, long entriesLba)
    {
        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Revision);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], self);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], other);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], EntriesLba + EntriesSectors);
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], sectorCount - DiskLayout.BackupTableSectors - 1);
        _ = _disk.TryWriteBytes(header[56..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], entriesLba);
        BinaryPrimitives.WriteUInt32LittleEndian(header[80..], EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(header[84..], EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(header[88..], Crc32.Of(_entries));
        // Its own place counts as zero.
        BinaryPrimitives.WriteUInt32LittleEndian(header[HeaderCrcOffset..], Crc32.Of(header[..HeaderSize]));
    }
}
