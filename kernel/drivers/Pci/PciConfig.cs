using System;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>
/// Configuration access, decided bus by bus: memory-mapped (ECAM) where a range covers the bus, else through the ports
/// 0xCF8 and 0xCFC. Some machines cover only part of their buses by ECAM; neither way alone reaches everything there.
/// </summary>
/// <remarks>
/// <code>
///   0xCF8:  [ enable:1 ][ 0:7 ][ bus:8 ][ device:5 ][ function:3 ][ register:6 ][ 0:2 ]
///   ECAM:   base + [ bus:8 ][ device:5 ][ function:3 ][ register:12 ]
/// </code>
/// </remarks>
public readonly struct PciConfig<TPorts, TRegisters> : IPciConfig
    where TPorts : struct, IPorts
    where TRegisters : struct, IRegisters
{
    private const ushort AddressPort = 0xCF8, DataPort = 0xCFC;
    private const uint Enable = 0x8000_0000;
    private const int PortSpaceSize = 256;
    private const int BusShift = 20, DeviceShift = 15, FunctionShift = 12;

    private readonly TPorts _ports;
    private readonly EcamRange[] _ranges;
    private readonly TRegisters[] _windows;

    private PciConfig(TPorts ports, EcamRange[] ranges, TRegisters[] windows)
    {
        _ports = ports;
        _ranges = ranges;
        _windows = windows;
    }

    /// <summary>
    /// Maps the ranges that MCFG lists. One that is out of order or that cannot be mapped is left out; its buses are
    /// then reached through the ports.
    /// </summary>
    public static PciConfig<TPorts, TRegisters> Open<TMap>(TPorts ports, TMap map, ReadOnlySpan<EcamRange> ranges)
        where TMap : struct, IRegisterMap<TRegisters>
    {
        EcamRange[] mapped = new EcamRange[ranges.Length];
        TRegisters[] windows = new TRegisters[ranges.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            EcamRange range = ranges[i];
            // Covers nothing until it is mapped: no bus is at least 1 and at most 0.
            mapped[i] = new EcamRange(0, 0, 1, 0);
            if (range.StartBus > range.EndBus) continue;
            ulong start = range.BaseAddress + ((ulong)range.StartBus << BusShift);
            if (start < range.BaseAddress) continue;
            uint length = (uint)(range.EndBus - range.StartBus + 1) << BusShift;
            if (map.TryMap(start, length, out windows[i])) mapped[i] = range;
        }
        return new PciConfig<TPorts, TRegisters>(ports, mapped, windows);
    }

    public byte Read8(PciAddress address, int offset)
    {
        if (TryFindWindow(address, out int window)) return _windows[window].Read8(EcamOffset(window, address, offset));
        return TrySelect(address, offset) ? _ports.In8((ushort)(DataPort + (offset & 3))) : byte.MaxValue;
    }

    public ushort Read16(PciAddress address, int offset)
    {
        if (TryFindWindow(address, out int window)) return _windows[window].Read16(EcamOffset(window, address, offset));
        return TrySelect(address, offset) ? _ports.In16((ushort)(DataPort + (offset & 2))) : ushort.MaxValue;
    }

    public uint Read32(PciAddress address, int offset)
    {
        if (TryFindWindow(address, out int window)) return _windows[window].Read32(EcamOffset(window, address, offset));
        return TrySelect(address, offset) ? _ports.In32(DataPort) : uint.MaxValue;
    }

    public void Write16(PciAddress address, int offset, ushort value)
    {
        if (TryFindWindow(address, out int window))
            _windows[window].Write16(EcamOffset(window, address, offset), value);
        else if (TrySelect(address, offset)) _ports.Out16((ushort)(DataPort + (offset & 2)), value);
    }

    public void Write32(PciAddress address, int offset, uint value)
    {
        if (TryFindWindow(address, out int window))
            _windows[window].Write32(EcamOffset(window, address, offset), value);
        else if (TrySelect(address, offset)) _ports.Out32(DataPort, value);
    }

    private bool TryFindWindow(PciAddress address, out int window)
    {
        for (window = 0; window < _ranges.Length; window++)
        {
            if (_ranges[window].Covers(address.Segment, address.Bus)) return true;
        }
        return false;
    }

    private uint EcamOffset(int window, PciAddress address, int offset) =>
        (uint)(address.Bus - _ranges[window].StartBus) << BusShift | (uint)address.Device << DeviceShift |
        (uint)address.Function << FunctionShift | (uint)offset;

    /// <summary>Points the ports at a register; fails for what they cannot reach.</summary>
    private bool TrySelect(PciAddress address, int offset)
    {
        if (address.Segment != 0) return false;
        if (offset >= PortSpaceSize) return false;
        _ports.Out32(AddressPort, Enable | (uint)address.Bus << 16 | (uint)address.Device << 11 |
                                  (uint)address.Function << 8 | (uint)(offset & ~3));
        return true;
    }
}
