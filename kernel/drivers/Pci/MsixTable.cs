using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>A function's MSI-X capability and the table it points to (PCI 3.0 §6.8.2).</summary>
/// <remarks>
/// <code>
///   capability:  [ id:8 ][ next:8 ][ size-1:11 ][ 0:3 ][ function mask:1 ][ enable:1 ]
///                +4 [ table offset:29 ][ BIR:3 ]
///   entry:       [ address low:32 ][ address high:32 ][ data:32 ][ 0:31, mask:1 ]        16 bytes
/// </code>
/// </remarks>
public readonly struct MsixTable<TConfig, TRegisters>
    where TConfig : struct, IPciConfig
    where TRegisters : struct, IRegisters
{
    private const byte CapabilityId = 0x11;
    private const int ControlOffset = 2, TableOffset = 4;
    private const ushort SizeMask = 0x7FF, FunctionMask = 1 << 14, Enabled = 1 << 15;
    private const uint BirMask = 7;

    private const uint EntrySize = 16;
    private const uint AddressLow = 0, AddressHigh = 4, Data = 8, VectorControl = 12;
    private const uint EntryMask = 1;

    private readonly TConfig _config;
    private readonly TRegisters _table;
    private readonly PciAddress _address;
    private readonly int _capability;

    private MsixTable(TConfig config, PciAddress address, int capability, TRegisters table, int count)
    {
        _config = config;
        _address = address;
        _capability = capability;
        _table = table;
        Count = count;
    }

    /// <summary>Entries in the table, at least 1.</summary>
    public int Count { get; }

    /// <summary>
    /// Finds the table; fails if the function has no MSI-X, or describes a table that is not inside an assigned memory
    /// register of its own.
    /// </summary>
    public static bool TryOpen<TMap>(
        TConfig config, PciAddress address, ReadOnlySpan<PciBar> bars, TMap map,
        out MsixTable<TConfig, TRegisters> msix)
        where TMap : struct, IRegisterMap<TRegisters>
    {
        msix = default;
        if (!PciCapabilities<TConfig>.TryFind(config, address, CapabilityId, out int capability)) return false;
        int count = (config.Read16(address, capability + ControlOffset) & SizeMask) + 1;
        uint location = config.Read32(address, capability + TableOffset);
        int bir = (int)(location & BirMask);
        if (bir >= bars.Length) return false;
        PciBar bar = bars[bir];
        uint length = (uint)count * EntrySize;
        uint offset = location & ~BirMask;
        if (bar.Kind != PciBarKind.Memory) return false;
        if (!bar.IsAssigned) return false;
        if (!bar.Contains(offset, length)) return false;
        if (!map.TryMap(bar.Address + offset, length, out TRegisters table)) return false;
        msix = new MsixTable<TConfig, TRegisters>(config, address, capability, table, count);
        return true;
    }

    /// <summary>
    /// Turns MSI-X on with every entry masked: an entry that nobody programmed must not write to address 0.
    /// </summary>
    public void Enable()
    {
        WriteControl(Enabled | FunctionMask);
        for (int entry = 0; entry < Count; entry++) Mask(entry);
        WriteControl(Enabled);
    }

    /// <summary>Sends <paramref name="entry"/> to a processor and unmasks it.</summary>
    public void Program(int entry, MsiTarget target)
    {
        // §6.8.2: an entry's address and data change only while it is masked.
        Mask(entry);
        uint start = Start(entry);
        _table.Write32(start + AddressLow, target.MessageAddress);
        _table.Write32(start + AddressHigh, 0);
        _table.Write32(start + Data, target.MessageData);
        _table.Write32(start + VectorControl, 0);
    }

    public void Mask(int entry) => _table.Write32(Start(entry) + VectorControl, EntryMask);

    private uint Start(int entry)
    {
        Invariant.Holds((uint)entry < (uint)Count);
        return (uint)entry * EntrySize;
    }

    private void WriteControl(ushort bits)
    {
        ushort rest = (ushort)(_config.Read16(_address, _capability + ControlOffset) & ~(Enabled | FunctionMask));
        _config.Write16(_address, _capability + ControlOffset, (ushort)(rest | bits));
    }
}
