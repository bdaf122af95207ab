using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// A FAT12, FAT16 or FAT32 volume: its label, and the files of its root directory, by their short or long names. Read only,
/// nothing is kept. The disk may be hostile: a walk ends after a number of steps that is known before.
/// </summary>
internal readonly struct FatVolume<TBlocks>
    where TBlocks : struct, IBlockReader
{
    /// <summary>The longest label in bytes.</summary>
    public const int LabelLengthMax = 11;

    /// <summary>Entries of the root directory that are looked at, deleted ones and pieces of long names included.</summary>
    public const uint EntryCountMax = 4096;

    private const int BootSectorSize = 512, EntrySize = 32;
    private const byte BootSignature = 0x29;

    // A directory entry.
    private const int BaseLength = 8, ExtensionLength = 3, AttributesOffset = 11;
    private const int ClusterHighOffset = 20, ClusterLowOffset = 26, SizeOffset = 28;
    private const byte EntryFree = 0xE5, EntryEnd = 0;
    private const byte AttributeVolume = 0x08, AttributeDirectory = 0x10, AttributeLongName = 0x0F, AttributesMask = 0x3F;

    private readonly Extent<TBlocks> _extent;
    private readonly FatGeometry _geometry;

    private FatVolume(Extent<TBlocks> extent, FatGeometry geometry)
    {
        _extent = extent;
        _geometry = geometry;
    }

    /// <summary>Width of an entry of the table: 12, 16 or 32.</summary>
    public int Bits => _geometry.Bits;

    public static bool TryOpen(Extent<TBlocks> extent, out FatVolume<TBlocks> volume)
    {
        volume = default;
        Span<byte> boot = stackalloc byte[BootSectorSize];
        if (!extent.TryRead(0, boot) || !FatGeometry.TryRead(boot, out FatGeometry geometry)) return false;
        volume = new FatVolume<TBlocks>(extent, geometry);
        return true;
    }

    /// <summary>
    /// The label: the root directory's entry for it, else what the boot sector says. What sets labels does not always change
    /// both.
    /// </summary>
    /// <param name="label">Room for <see cref="LabelLengthMax"/> bytes.</param>
    /// <returns>Its length, without the padding; 0 if there is none.</returns>
    public int ReadLabel(Span<byte> label)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        var walk = default(FatWalk);
        while (TryNext(ref walk, entry))
        {
            if (entry[0] == EntryFree || IsLongName(entry)) continue;
            if ((entry[AttributesOffset] & AttributeVolume) == 0) continue;
            return CopyLabel(entry.Slice(0, LabelLengthMax), label);
        }
        // BS_BootSig, BS_VolLab; FAT32 has them 28 bytes further on.
        ulong signatureOffset = _geometry.Bits == 32 ? 66u : 38u;
        Span<byte> field = entry.Slice(0, 1 + sizeof(uint) + LabelLengthMax);
        if (!_extent.TryRead(signatureOffset, field) || field[0] != BootSignature) return 0;
        return CopyLabel(field.Slice(1 + sizeof(uint)), label);
    }

    /// <summary>Reads the whole of a file of the root directory.</summary>
    /// <param name="name">Its name in ASCII; capital and small letters are the same.</param>
    /// <param name="destination">Room for it. Unless it was read, this holds nothing of use.</param>
    /// <param name="length">Size of the file in bytes; 0 unless it was read.</param>
    public FileOutcome TryRead(ReadOnlySpan<byte> name, Span<byte> destination, out int length)
    {
        Invariant.Holds(name.Length > 0);
        length = 0;
        Span<byte> entry = stackalloc byte[EntrySize];
        var walk = default(FatWalk);
        var longName = new FatLongName(name);
        longName.Reset();
        while (TryNext(ref walk, entry))
        {
            if (entry[0] != EntryFree && IsLongName(entry))
            {
                longName.Add(entry);
                continue;
            }
            bool isFound = entry[0] != EntryFree
                && (entry[AttributesOffset] & (AttributeVolume | AttributeDirectory)) == 0
                && (longName.Names(entry) || HasShortName(entry, name));
            if (isFound) return TryReadFile(entry, destination, out length);
            longName.Reset();
        }
        return walk.IsBroken ? FileOutcome.Unreadable : FileOutcome.NoFile;
    }

    private FileOutcome TryReadFile(ReadOnlySpan<byte> entry, Span<byte> destination, out int length)
    {
        length = 0;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(SizeOffset));
        if (size > (uint)destination.Length) return FileOutcome.TooLarge;
        uint cluster = BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(ClusterLowOffset));
        if (_geometry.Bits == 32)
            cluster |= (uint)BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(ClusterHighOffset)) << 16;
        // Each cluster fills a part of what the caller has room for: a chain in a circle ends, too.
        for (Span<byte> rest = destination.Slice(0, (int)size); rest.Length > 0;)
        {
            if (!_geometry.Has(cluster)) return FileOutcome.Unreadable;
            int count = (int)Math.Min((uint)rest.Length, _geometry.ClusterSize);
            if (!_extent.TryRead(_geometry.OffsetOf(cluster), rest.Slice(0, count))) return FileOutcome.Unreadable;
            rest = rest.Slice(count);
            if (rest.Length > 0 && !TryFollow(ref cluster)) return FileOutcome.Unreadable;
        }
        length = (int)size;
        return FileOutcome.Done;
    }

    /// <summary>The next entry of the root directory, if there is one.</summary>
    private bool TryNext(ref FatWalk walk, Span<byte> entry)
    {
        if (walk.EntryCount == EntryCountMax) return false;
        ulong offset;
        if (_geometry.Bits != 32)
        {
            if (walk.EntryCount == _geometry.RootEntryCount) return false;
            offset = _geometry.RootOffset + (walk.EntryCount * EntrySize);
        }
        else
        {
            if (walk.EntryCount == 0) walk.Cluster = _geometry.RootCluster;
            else if (walk.Offset == _geometry.ClusterSize && !TryFollow(ref walk.Cluster)) return false;
            if (walk.Offset == _geometry.ClusterSize) walk.Offset = 0;
            walk.IsBroken = !_geometry.Has(walk.Cluster);
            if (walk.IsBroken) return false;
            offset = _geometry.OffsetOf(walk.Cluster) + walk.Offset;
            walk.Offset += EntrySize;
        }
        walk.EntryCount++;
        walk.IsBroken = !_extent.TryRead(offset, entry);
        return !walk.IsBroken && entry[0] != EntryEnd;
    }

    /// <summary>Goes to the next cluster of a chain; fails at its end, and where the table is damaged.</summary>
    private bool TryFollow(ref uint cluster)
    {
        Span<byte> entry = stackalloc byte[sizeof(uint)];
        entry.Clear();
        // FAT12: two entries share three bytes.
        ulong offset = (ulong)cluster * (uint)_geometry.Bits / 8;
        int size = _geometry.Bits == 32 ? 4 : 2;
        if (!_extent.TryRead(_geometry.TableOffset + offset, entry.Slice(0, size))) return false;
        uint next = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        if (_geometry.Bits == 12 && (cluster & 1) != 0) next >>= 4;
        cluster = _geometry.Bits switch
        {
            12 => next & 0x0FFF,
            16 => next,
            _ => next & 0x0FFF_FFFF,                                           // the upper four bits are reserved
        };
        return _geometry.Has(cluster);
    }

    private static bool IsLongName(ReadOnlySpan<byte> entry) =>
        (entry[AttributesOffset] & AttributesMask) == AttributeLongName;

    private static bool HasShortName(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name)
    {
        int dot = name.LastIndexOf((byte)'.');
        ReadOnlySpan<byte> extension = dot < 0 ? default : name.Slice(dot + 1);
        if (dot >= 0) name = name.Slice(0, dot);
        return FileName.AreEqual(FileName.TrimEnd(entry.Slice(0, BaseLength), (byte)' '), name)
            && FileName.AreEqual(FileName.TrimEnd(entry.Slice(BaseLength, ExtensionLength), (byte)' '), extension);
    }

    private static int CopyLabel(ReadOnlySpan<byte> padded, Span<byte> label)
    {
        ReadOnlySpan<byte> trimmed = FileName.TrimEnd(padded, (byte)' ');
        trimmed.CopyTo(label);
        return trimmed.Length;
    }
}

/// <summary>A place in a root directory.</summary>
internal struct FatWalk
{
    /// <summary>How many entries were passed.</summary>
    public uint EntryCount;

    /// <summary>FAT32: the cluster of the next entry, and where in it, in bytes.</summary>
    public uint Cluster, Offset;

    /// <summary>True if the walk ended because the disk could not be read, and not because the directory did.</summary>
    public bool IsBroken;
}
