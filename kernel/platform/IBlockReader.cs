using System;

namespace Memcachier.Kernel.Platform;

/// <summary>Something that holds numbered sectors, to be read.</summary>
public interface IBlockReader
{
    /// <summary>How many sectors of <see cref="BlockReader.SectorSize"/> bytes there are.</summary>
    ulong SectorCount { get; }

    /// <summary>
    /// Lends the bytes of a sector, until the next call. Fails for a sector that is not there or cannot be read.
    /// </summary>
    bool TryRead(ulong sector, out ReadOnlySpan<byte> octets);
}

/// <summary>What is the same for every <see cref="IBlockReader"/>.</summary>
public static class BlockReader
{
    /// <summary>Size of a sector in bytes, whatever the medium's own blocks are.</summary>
    public const int SectorSize = 512;
}
