using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// A disk that configures a machine, as cloud-init's NoCloud data source has it: a FAT or ISO 9660 file system labelled
/// CIDATA with the files <c>user-data</c> and <c>meta-data</c>. It is the whole disk or, if FAT, the first partition of an
/// MBR.
/// </summary>
public readonly struct NoCloudDisk<TBlocks>
    where TBlocks : struct, IBlockReader
{
    private const int BootSectorSize = 512;

    // The master boot record: [ code: 446 ][ 4 times [ status:8 ][ 3 ][ type:8 ][ 3 ][ sector:32 ][ count:32 ] ][ 0xAA55 ]
    private const int FirstPartition = 446, PartitionTypeOffset = 4, PartitionSectorOffset = 8, PartitionCountOffset = 12;
    private const int SignatureOffset = 510;
    private const ushort Signature = 0xAA55;

    private readonly Extent<TBlocks> _extent;
    private readonly int _fatBits;

    /// <param name="extent">Where the file system is.</param>
    /// <param name="fatBits">0 for ISO 9660.</param>
    private NoCloudDisk(Extent<TBlocks> extent, int fatBits)
    {
        _extent = extent;
        _fatBits = fatBits;
    }

    /// <summary>What the file system is, in words.</summary>
    public ReadOnlySpan<byte> FileSystem => _fatBits switch
    {
        0 => "ISO 9660"u8,
        12 => "FAT12"u8,
        16 => "FAT16"u8,
        _ => "FAT32"u8,
    };

    /// <summary>Looks whether the disk is one. Most disks are not, and are asked for few sectors.</summary>
    public static bool TryOpen(TBlocks blocks, out NoCloudDisk<TBlocks> disk)
    {
        Extent<TBlocks> all = Extent<TBlocks>.Of(blocks);
        if (IsoVolume<TBlocks>.TryOpen(all, out IsoVolume<TBlocks> iso))
        {
            Span<byte> label = stackalloc byte[IsoVolume<TBlocks>.LabelLengthMax];
            disk = new NoCloudDisk<TBlocks>(all, 0);
            if (IsSeed(label.Slice(0, iso.ReadLabel(label)))) return true;
        }
        return TryOpenFat(all, out disk)
            || (TryFindPartition(all, out Extent<TBlocks> partition) && TryOpenFat(partition, out disk));
    }

    /// <summary>Reads <c>user-data</c>, whatever it is.</summary>
    /// <param name="destination">Room for it. Unless it was read, this holds nothing of use.</param>
    /// <param name="length">Size of the file in bytes; 0 unless it was read.</param>
    public FileOutcome TryReadUserData(Span<byte> destination, out int length) =>
        TryRead("user-data"u8, destination, out length);

    /// <summary>Reads <c>meta-data</c>.</summary>
    /// <param name="buffer">Room for the file, which the result points into.</param>
    /// <param name="metaData">What it says; nothing unless it was read.</param>
    public FileOutcome TryReadMetaData(Span<byte> buffer, out NoCloudMetaData metaData)
    {
        FileOutcome outcome = TryRead("meta-data"u8, buffer, out int length);
        metaData = NoCloudMetaData.Parse(buffer.Slice(0, length));
        return outcome;
    }

    /// <summary>Opens the volume anew: a sector or two, for which no copy of it has to be kept.</summary>
    private FileOutcome TryRead(ReadOnlySpan<byte> name, Span<byte> destination, out int length)
    {
        length = 0;
        if (_fatBits == 0)
        {
            if (!IsoVolume<TBlocks>.TryOpen(_extent, out IsoVolume<TBlocks> iso)) return FileOutcome.Unreadable;
            return iso.TryRead(name, destination, out length);
        }
        if (!FatVolume<TBlocks>.TryOpen(_extent, out FatVolume<TBlocks> fat)) return FileOutcome.Unreadable;
        return fat.TryRead(name, destination, out length);
    }

    private static bool TryOpenFat(Extent<TBlocks> extent, out NoCloudDisk<TBlocks> disk)
    {
        disk = default;
        Span<byte> label = stackalloc byte[FatVolume<TBlocks>.LabelLengthMax];
        if (!FatVolume<TBlocks>.TryOpen(extent, out FatVolume<TBlocks> fat)) return false;
        if (!IsSeed(label.Slice(0, fat.ReadLabel(label)))) return false;
        disk = new NoCloudDisk<TBlocks>(extent, fat.Bits);
        return true;
    }

    private static bool TryFindPartition(Extent<TBlocks> all, out Extent<TBlocks> partition)
    {
        partition = default;
        Span<byte> record = stackalloc byte[BootSectorSize];
        if (!all.TryRead(0, record)) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(record.Slice(SignatureOffset)) != Signature) return false;
        ReadOnlySpan<byte> entry = record.Slice(FirstPartition);
        if (entry[PartitionTypeOffset] == 0) return false;
        partition = all.Part(
            BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(PartitionSectorOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(PartitionCountOffset)));
        return true;
    }

    private static bool IsSeed(ReadOnlySpan<byte> label) => FileName.AreEqual(label, "CIDATA"u8);
}
