namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>One entry of ACPI's MCFG table: buses whose configuration space is memory-mapped.</summary>
public readonly struct EcamRange
{
    /// <param name="baseAddress">Where bus 0 of the segment would be, even if <paramref name="startBus"/> is above 0
    /// (PCI Firmware 3.2 §4.1.2).</param>
    /// <param name="segment">The segment group.</param>
    /// <param name="startBus">First bus that the range covers.</param>
    /// <param name="endBus">Last bus that the range covers.</param>
    public EcamRange(ulong baseAddress, ushort segment, byte startBus, byte endBus)
    {
        BaseAddress = baseAddress;
        Segment = segment;
        StartBus = startBus;
        EndBus = endBus;
    }

    public ulong BaseAddress { get; }

    public ushort Segment { get; }

    public byte StartBus { get; }

    public byte EndBus { get; }

    public bool Covers(ushort segment, byte bus) => segment == Segment && bus >= StartBus && bus <= EndBus;
}
