using System;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>A <see cref="VirtioBlk{TTransport, TMemory}"/> as the type parameter of what reads file systems.</summary>
public readonly struct VirtioBlkReader<TTransport, TMemory, TClock> : IBlockReader
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
    where TClock : struct, IClock
{
    private readonly VirtioBlk<TTransport, TMemory> _device;
    private readonly TClock _clock;

    public VirtioBlkReader(VirtioBlk<TTransport, TMemory> device, TClock clock)
    {
        _device = device;
        _clock = clock;
    }

    public ulong SectorCount => _device.SectorCount;

    public bool TryRead(ulong sector, out ReadOnlySpan<byte> octets) => _device.TryRead(sector, _clock, out octets);
}
