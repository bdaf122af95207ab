using System;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>The disk that was booted from, by sectors.</summary>
public readonly struct BiosDisk<TBios> : IBlockReader
    where TBios : struct, IBios
{
    private readonly BiosDiskWindows<TBios> _windows;

    public BiosDisk(BiosDiskWindows<TBios> windows) => _windows = windows;

    public ulong SectorCount => _windows.SectorCount;

    public bool TryRead(ulong sector, out ReadOnlySpan<byte> octets) => _windows.TryRead(sector, out octets);
}
