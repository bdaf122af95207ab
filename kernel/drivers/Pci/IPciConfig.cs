namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>
/// The configuration space of every PCI function. Offsets are naturally aligned. What does not exist reads as all ones
/// and ignores writes, as on the bus.
/// </summary>
public interface IPciConfig
{
    byte Read8(PciAddress address, int offset);

    ushort Read16(PciAddress address, int offset);

    uint Read32(PciAddress address, int offset);

    void Write16(PciAddress address, int offset, ushort value);

    void Write32(PciAddress address, int offset, uint value);
}
