namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>Offsets and bits of the configuration header that this program touches (PCI 3.0 §6.1, §6.2).</summary>
internal static class PciRegister
{
    public const int VendorId = 0x00;
    public const int Command = 0x04;
    public const int Status = 0x06;
    public const int ClassAndRevision = 0x08;
    public const int HeaderType = 0x0E;
    public const int BaseAddress0 = 0x10;
    public const int SecondaryBus = 0x19;
    public const int CapabilitiesPointer = 0x34;

    public const ushort CommandIo = 1 << 0;
    public const ushort CommandMemory = 1 << 1;
    public const ushort CommandBusMaster = 1 << 2;
    public const ushort CommandIntxDisable = 1 << 10;

    public const ushort StatusCapabilitiesList = 1 << 4;

    public const byte HeaderTypeMask = 0x7F;
    public const byte HeaderTypeBridge = 0x01;
    public const byte HeaderTypeMultiFunction = 0x80;

    public const ushort NoVendor = 0xFFFF;
}
