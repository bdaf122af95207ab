namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>Where a PCI function sits: segment group, bus, device (0 to 31), function (0 to 7).</summary>
public readonly struct PciAddress
{
    public const int DevicesPerBus = 32;
    public const int FunctionsPerDevice = 8;

    public PciAddress(ushort segment, byte bus, int device, int function)
    {
        Segment = segment;
        Bus = bus;
        Device = (byte)(device & (DevicesPerBus - 1));
        Function = (byte)(function & (FunctionsPerDevice - 1));
    }

    public ushort Segment { get; }

    public byte Bus { get; }

    public byte Device { get; }

    public byte Function { get; }
}
