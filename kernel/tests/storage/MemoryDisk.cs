using System;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Tests.Storage;

/// <summary>A disk that is an array. What it lent last is overwritten by the next call, as a device's buffer is.</summary>
internal sealed class MemoryDisk(byte[] octets)
{
    private readonly byte[] _lent = new byte[512];

    public byte[] Octets { get; } = octets;

    public ulong SectorCount { get; set; } = (ulong)octets.Length / 512;

    /// <summary>Sectors from this one on cannot be read.</summary>
    public ulong BadFrom { get; set; } = ulong.MaxValue;

    public long Reads { get; set; }

    public MemoryBlocks Reader => new(this);

    public bool TryRead(ulong sector, out ReadOnlySpan<byte> lent)
    {
        Reads++;
        lent = default;
        _lent.AsSpan().Fill(0xA5);
        // Whoever reads must not ask for what is not there.
        if (sector >= SectorCount) throw new InvalidOperationException($"sector {sector} of {SectorCount} was asked for");
        if (sector >= BadFrom || sector >= (ulong)Octets.Length / 512) return false;
        Octets.AsSpan((int)sector * 512, 512).CopyTo(_lent);
        lent = _lent;
        return true;
    }
}

/// <summary>A <see cref="MemoryDisk"/> as a type parameter.</summary>
internal readonly struct MemoryBlocks(MemoryDisk disk) : IBlockReader
{
    public ulong SectorCount => disk.SectorCount;

    public bool TryRead(ulong sector, out ReadOnlySpan<byte> octets) => disk.TryRead(sector, out octets);
}
