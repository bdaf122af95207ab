namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>A function that answered during enumeration, and what its header says it is.</summary>
public readonly struct PciFunction
{
    public PciFunction(PciAddress address, ushort vendorId, ushort deviceId, uint classCode)
    {
        Address = address;
        VendorId = vendorId;
        DeviceId = deviceId;
        ClassCode = classCode;
    }

    public PciAddress Address { get; }

    public ushort VendorId { get; }

    public ushort DeviceId { get; }

    /// <summary>Base class, sub-class and programming interface: 0x020000 is an Ethernet controller.</summary>
    public uint ClassCode { get; }
}
