using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// An ISO 9660 volume (ECMA-119): its label, and the files of its root directory, by the names of Rock Ridge, of Joliet or
/// of the standard itself. Read only, nothing is kept. The disk may be hostile: a walk ends after a number of steps that is
/// known before.
/// </summary>
internal readonly struct IsoVolume<TBlocks>
    where TBlocks : struct, IBlockReader
{
    /// <summary>The longest label in bytes.</summary>
    public const int LabelLengthMax = 32;

    /// <summary>Bytes of a root directory that are looked at.</summary>
    public const uint DirectoryLengthMax = 128 * 1024;

    // ECMA-119 §6.2.1, §8.1: descriptors are sectors of 2048 bytes, from the 16th on.
    private const int SectorSize = 2048, FirstDescriptor = 16, DescriptorCountMax = 32;
    private const byte TypePrimary = 1, TypeSupplementary = 2, TypeTerminator = 255;
    private const int IdOffset = 1, LabelOffset = 40, EscapeOffset = 88, BlockSizeOffset = 128, RootOffset = 156;
    private const int DescriptorUsed = RootOffset + IsoRecord.SizeMin;

    private readonly Extent<TBlocks> _extent;
    private readonly uint _blockSize;
    private readonly IsoDirectory _primary;
    private readonly IsoDirectory _joliet;

    private IsoVolume(Extent<TBlocks> extent, uint blockSize, IsoDirectory primary, IsoDirectory joliet)
    {
        _extent = extent;
        _blockSize = blockSize;
        _primary = primary;
        _joliet = joliet;
    }

    public static bool TryOpen(Extent<TBlocks> extent, out IsoVolume<TBlocks> volume)
    {
        volume = default;
        Span<byte> descriptor = stackalloc byte[DescriptorUsed];
        uint blockSize = 0;
        IsoDirectory primary = default, joliet = default;
        for (uint i = 0; i < DescriptorCountMax; i++)
        {
            if (!extent.TryRead((FirstDescriptor + i) * SectorSize, descriptor)) break;
            if (!descriptor.Slice(IdOffset).StartsWith("CD001"u8)) break;
            byte type = descriptor[0];
            if (type == TypeTerminator) break;
            bool isJoliet = type == TypeSupplementary && IsJoliet(descriptor.Slice(EscapeOffset));
            if (!isJoliet && (type != TypePrimary || blockSize != 0)) continue;
            uint size = BinaryPrimitives.ReadUInt16LittleEndian(descriptor.Slice(BlockSizeOffset));
            // §6.2.2: a power of two from 512 to the size of a sector.
            if (size is not 512 and not 1024 and not SectorSize) continue;
            var directory = new IsoDirectory(descriptor.Slice(RootOffset), size);
            if (isJoliet) joliet = directory;
            else primary = directory;
            if (!isJoliet) blockSize = size;
        }
        if (blockSize == 0) return false;
        volume = new IsoVolume<TBlocks>(extent, blockSize, primary, joliet);
        return true;
    }

    /// <summary>Copies the primary descriptor's volume identifier.</summary>
    /// <param name="label">Room for <see cref="LabelLengthMax"/> bytes.</param>
    /// <returns>Its length, without the padding; 0 if there is none.</returns>
    public int ReadLabel(Span<byte> label)
    {
        Span<byte> descriptor = stackalloc byte[LabelOffset + LabelLengthMax];
        for (uint i = 0; i < DescriptorCountMax; i++)
        {
            if (!_extent.TryRead((FirstDescriptor + i) * SectorSize, descriptor)) return 0;
            if (descriptor[0] != TypePrimary) continue;
            ReadOnlySpan<byte> trimmed = FileName.TrimEnd(descriptor.Slice(LabelOffset), (byte)' ');
            trimmed.CopyTo(label);
            return trimmed.Length;
        }
        return 0;
    }

    /// <summary>Reads the whole of a file of the root directory.</summary>
    /// <param name="name">Its name in ASCII; capital and small letters are the same.</param>
    /// <param name="destination">Room for it. Unless it was read, this holds nothing of use.</param>
    /// <param name="length">Size of the file in bytes; 0 unless it was read.</param>
    public FileOutcome TryRead(ReadOnlySpan<byte> name, Span<byte> destination, out int length)
    {
        Invariant.Holds(name.Length > 0);
        FileOutcome outcome = TryReadFrom(in _primary, isJoliet: false, name, destination, out length);
        if (outcome != FileOutcome.NoFile || _joliet.Length == 0) return outcome;
        return TryReadFrom(in _joliet, isJoliet: true, name, destination, out length);
    }

    private FileOutcome TryReadFrom(
        in IsoDirectory directory, bool isJoliet, ReadOnlySpan<byte> name, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> buffer = stackalloc byte[IsoRecord.SizeMax];
        int systemUseSkip = IsoRecord.NoSystemUse;
        uint end = Math.Min(directory.Length, DirectoryLengthMax);
        for (uint position = 0; position < end;)
        {
            // §6.8.1.1: records do not cross sectors; zeros fill the rest of one.
            uint rest = SectorSize - (position % SectorSize);
            if (!_extent.TryRead(directory.Offset + position, buffer.Slice(0, 1))) return FileOutcome.Unreadable;
            int size = buffer[0];
            if (size == 0)
            {
                position += rest;
                continue;
            }
            if ((uint)size > rest) return FileOutcome.Unreadable;
            if (!_extent.TryRead(directory.Offset + position, buffer.Slice(0, size))) return FileOutcome.Unreadable;
            if (!IsoRecord.TryParse(buffer.Slice(0, size), out IsoRecord record)) return FileOutcome.Unreadable;
            // The first record is the directory itself, and says whether the names of Rock Ridge are there.
            if (position == 0 && !isJoliet) systemUseSkip = record.ReadSystemUseSkip();
            position += (uint)size;
            if (record.IsDirectory) continue;
            bool isFound = isJoliet ? record.HasJolietName(name) : record.HasName(name, systemUseSkip);
            if (isFound) return TryReadFile(in record, destination, out length);
        }
        return FileOutcome.NoFile;
    }

    private FileOutcome TryReadFile(in IsoRecord record, Span<byte> destination, out int length)
    {
        length = 0;
        if (!record.IsContiguous) return FileOutcome.Unreadable;
        if (record.FileLength > (uint)destination.Length) return FileOutcome.TooLarge;
        destination = destination.Slice(0, (int)record.FileLength);
        if (!_extent.TryRead(record.FirstBlock * _blockSize, destination)) return FileOutcome.Unreadable;
        length = destination.Length;
        return FileOutcome.Done;
    }

    /// <summary>Joliet's three levels of UCS-2 (Joliet specification, 1995).</summary>
    private static bool IsJoliet(ReadOnlySpan<byte> escape) =>
        escape.StartsWith("%/"u8) && escape[2] is (byte)'@' or (byte)'C' or (byte)'E';
}

/// <summary>Where a root directory is, in bytes.</summary>
internal readonly struct IsoDirectory
{
    /// <param name="record">Its record in a volume descriptor.</param>
    /// <param name="blockSize">Size of the volume's blocks in bytes.</param>
    public IsoDirectory(ReadOnlySpan<byte> record, uint blockSize)
    {
        Offset = IsoRecord.ReadFirstBlock(record) * blockSize;
        Length = IsoRecord.ReadLength(record);
    }

    public ulong Offset { get; }

    public uint Length { get; }
}
