namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>
/// Walks the list of a function's capabilities (PCI 3.0 §6.7). The list is the device's: it may point anywhere or run
/// in a circle, so the walk ends after as many entries as configuration space has room for.
/// </summary>
public struct PciCapabilities<TConfig>
    where TConfig : struct, IPciConfig
{
    private const int FirstOffset = 0x40, SpaceSize = 0x100, EntrySizeMin = 4;
    private const int EntriesMax = (SpaceSize - FirstOffset) / EntrySizeMin;

    private TConfig _config;
    private readonly PciAddress _address;
    private int _next;
    private int _visited;

    public PciCapabilities(TConfig config, PciAddress address)
    {
        _config = config;
        _address = address;
        bool hasList = (config.Read16(address, PciRegister.Status) & PciRegister.StatusCapabilitiesList) != 0;
        _next = hasList ? config.Read8(address, PciRegister.CapabilitiesPointer) : 0;
    }

    /// <summary>Goes to the next capability: its id, and where in configuration space it starts.</summary>
    public bool TryNext(out byte id, out int offset)
    {
        id = 0;
        offset = _next & ~3;                                       // the lower two bits are reserved: mask them
        if (offset < FirstOffset || _visited == EntriesMax) return false;
        _visited++;
        ushort header = _config.Read16(_address, offset);
        id = (byte)header;
        _next = header >> 8;
        return true;
    }

    /// <summary>Looks for the first capability of a kind.</summary>
    public static bool TryFind(TConfig config, PciAddress address, byte wanted, out int offset)
    {
        var walk = new PciCapabilities<TConfig>(config, address);
        while (walk.TryNext(out byte id, out offset))
        {
            if (id == wanted) return true;
        }
        return false;
    }
}
