using System;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// A range of a disk's sectors, read at any byte. What leads outside of it fails: offsets come from the disk, so they may be
/// anything.
/// </summary>
internal readonly struct Extent<TBlocks>
    where TBlocks : struct, IBlockReader
{
    /// <summary>Beyond this many sectors a number of bytes would not fit in 64 bits.</summary>
    private const ulong SectorCountMax = ulong.MaxValue / BlockReader.SectorSize;

    private readonly TBlocks _blocks;
    private readonly ulong _firstSector;

    private Extent(TBlocks blocks, ulong firstSector, ulong sectorCount)
    {
        _blocks = blocks;
        _firstSector = firstSector;
        Length = sectorCount * BlockReader.SectorSize;
    }

    /// <summary>Size in bytes.</summary>
    public ulong Length { get; }

    /// <summary>All that a reader has.</summary>
    public static Extent<TBlocks> Of(TBlocks blocks) => new(blocks, 0, Math.Min(blocks.SectorCount, SectorCountMax));

    /// <summary>The part that begins at a sector, as long as it says and as far as there is that much.</summary>
    public Extent<TBlocks> Part(ulong firstSector, ulong sectorCount)
    {
        ulong all = Length / BlockReader.SectorSize;
        if (firstSector > all) firstSector = all;
        return new Extent<TBlocks>(_blocks, _firstSector + firstSector, Math.Min(sectorCount, all - firstSector));
    }

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="offset"/> on.</summary>
    public bool TryRead(ulong offset, Span<byte> destination)
    {
        if (offset > Length || (ulong)destination.Length > Length - offset) return false;
        while (destination.Length > 0)
        {
            ulong sector = _firstSector + (offset / BlockReader.SectorSize);
            if (!_blocks.TryRead(sector, out ReadOnlySpan<byte> octets)) return false;
            octets = octets.Slice((int)(offset % BlockReader.SectorSize));
            if (octets.Length > destination.Length) octets = octets.Slice(0, destination.Length);
            octets.CopyTo(destination);
            destination = destination.Slice(octets.Length);
            offset += (ulong)octets.Length;
        }
        return true;
    }
}
