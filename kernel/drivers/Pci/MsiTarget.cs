namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>The processor and vector that a message-signalled interrupt goes to.</summary>
public readonly struct MsiTarget
{
    private const uint AddressBase = 0xFEE0_0000;
    private const int DestinationShift = 12;

    public MsiTarget(byte vector, byte apicId)
    {
        Vector = vector;
        ApicId = apicId;
    }

    public byte Vector { get; }

    public byte ApicId { get; }

    /// <summary>Where the message is written: Intel SDM volume 3 §11.11.1, physical destination.</summary>
    public uint MessageAddress => AddressBase | (uint)ApicId << DestinationShift;

    /// <summary>What is written: §11.11.2, fixed delivery, edge.</summary>
    public uint MessageData => Vector;
}
