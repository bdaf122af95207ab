using System.Collections.Generic;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>
/// Every PCI function of a machine, reached by ports (segment 0 only)
/// or by an ECAM window.
/// </summary>
internal sealed class PciModel
{
    private readonly Dictionary<(int Segment, int Bus, int Device, int Function), PciFunctionModel> _functions = [];
    private uint _selected;

    public PciModel(ModelBus bus) => bus.Decoders.Add(Decode);

    /// <summary>Configuration reads so far.</summary>
    public int Reads { get; private set; }

    /// <summary>Accesses through 0xCFC so far.</summary>
    public int PortAccesses { get; private set; }

    public void Add(int bus, int device, int function, PciFunctionModel model, int segment = 0) =>
        _functions.Add((segment, bus, device, function), model);

    /// <summary>A bridge to <paramref name="secondary"/>.</summary>
    public void AddBridge(int bus, int device, byte secondary, int segment = 0)
    {
        var bridge = new PciFunctionModel(0x1B36, 0x000C, 0x060400);
        bridge.Space[0x0E] = 1;
        bridge.Space[0x18] = (byte)bus;
        bridge.Space[0x19] = secondary;
        Add(bus, device, 0, bridge, segment);
    }

    public IRegisterModel Ecam(int segment, int startBus) => new EcamModel(this, segment, startBus);

    public void Select(uint address) => _selected = address;

    public uint ReadPort(int low, int width)
    {
        PortAccesses++;
        if ((_selected & 0x8000_0000) == 0) return uint.MaxValue;
        return Read(0, SelectedFunction, (int)(_selected & 0xFC) + low, width);
    }

    public void WritePort(int low, int width, uint value)
    {
        PortAccesses++;
        if ((_selected & 0x8000_0000) != 0) Write(0, SelectedFunction, (int)(_selected & 0xFC) + low, width, value);
    }

    /// <summary>Bus, device and function as they stand in both address formats: 16 bits.</summary>
    private uint SelectedFunction => _selected >> 8 & 0xFFFF;

    private uint Read(int segment, uint function, int offset, int width)
    {
        Reads++;
        return Find(segment, function) is { } model ? model.Read(offset, width) : uint.MaxValue >> (32 - (8 * width));
    }

    private void Write(int segment, uint function, int offset, int width, uint value) =>
        Find(segment, function)?.Write(offset, width, value);

    private PciFunctionModel? Find(int segment, uint function) => _functions.GetValueOrDefault(
        (segment, (int)(function >> 8), (int)(function >> 3 & 31), (int)(function & 7)));

    private (IRegisterModel Model, uint Offset)? Decode(ulong address)
    {
        foreach (PciFunctionModel function in _functions.Values)
        {
            if (function.Decode(address) is { } found) return found;
        }
        return null;
    }

    private sealed class EcamModel(PciModel pci, int segment, int startBus) : IRegisterModel
    {
        public uint Read(uint offset, int width) =>
            pci.Read(segment, (offset >> 12) + ((uint)startBus << 8), (int)(offset & 0xFFF), width);

        public void Write(uint offset, int width, uint value) =>
            pci.Write(segment, (offset >> 12) + ((uint)startBus << 8), (int)(offset & 0xFFF), width, value);
    }
}

/// <summary>The two ports of configuration mechanism 1.</summary>
internal readonly struct PciPorts(PciModel pci) : IPorts
{
    public byte In8(ushort port) => (byte)pci.ReadPort(Data(port), 1);

    public ushort In16(ushort port) => (ushort)pci.ReadPort(Data(port), 2);

    public uint In32(ushort port) => pci.ReadPort(Data(port), 4);

    public void Out8(ushort port, byte value) => pci.WritePort(Data(port), 1, value);

    public void Out16(ushort port, ushort value) => pci.WritePort(Data(port), 2, value);

    public void Out32(ushort port, uint value)
    {
        if (port == 0xCF8) pci.Select(value);
        else pci.WritePort(Data(port), 4, value);
    }

    private static int Data(ushort port)
    {
        if (port is < 0xCFC or > 0xCFF) throw new ModelException($"port {port:x} is not PCI's");
        return port - 0xCFC;
    }
}

/// <summary>Short names for what every PCI test needs.</summary>
internal static class Pci
{
    public static PciConfig<PciPorts, ModelRegisters> Open(PciModel pci, ModelBus bus, params EcamRange[] ranges) =>
        PciConfig<PciPorts, ModelRegisters>.Open(new PciPorts(pci), new ModelMap(bus), ranges);
}
