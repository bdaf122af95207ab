namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>Where a virtio-mmio device may be, and the interrupt line it is wired to.</summary>
public readonly struct VirtioMmioSlot
{
    public VirtioMmioSlot(ulong address, uint length, uint gsi)
    {
        Address = address;
        Length = length;
        Gsi = gsi;
    }

    public ulong Address { get; }

    public uint Length { get; }

    /// <summary>The global system interrupt: an input of an I/O APIC.</summary>
    public uint Gsi { get; }
}
