using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Pci;

public sealed class PciScanTests
{
    private readonly ModelBus _bus = new();
    private readonly PciModel _pci;

    public PciScanTests() => _pci = new PciModel(_bus);

    [Fact]
    public void An_empty_machine_has_no_functions()
    {
        Assert.Empty(Scan());
        Assert.Equal(PciAddress.DevicesPerBus, _pci.Reads);
    }

    [Fact]
    public void Functions_above_0_count_only_if_the_device_says_so()
    {
        var single = new PciFunctionModel(0x8086, 1);
        var multi = new PciFunctionModel(0x8086, 2);
        multi.Space[0x0E] = 0x80;
        _pci.Add(0, 4, 0, single);
        _pci.Add(0, 4, 1, new PciFunctionModel(0x8086, 11));
        _pci.Add(0, 5, 0, multi);
        _pci.Add(0, 5, 7, new PciFunctionModel(0x8086, 12));
        _pci.Add(0, 6, 3, new PciFunctionModel(0x8086, 13));
        Assert.Equal([1, 2, 12], Scan().Select(function => (int)function.DeviceId));
    }

    [Fact]
    public void Buses_behind_bridges_are_followed_to_any_depth()
    {
        for (int bus = 0; bus < 200; bus++) _pci.AddBridge(bus, 1, (byte)(bus + 1));
        _pci.Add(200, 9, 0, new PciFunctionModel(0x1D0F, 0xEC20));
        PciFunction last = Scan().Last();
        Assert.Equal(0xEC20, last.DeviceId);
        Assert.Equal(200, last.Address.Bus);
        Assert.Equal(9, last.Address.Device);
        Assert.Equal(0x020000u, last.ClassCode);
    }

    [Fact]
    public void Bridges_in_a_circle_or_never_configured_end()
    {
        _pci.AddBridge(0, 1, 1);
        _pci.AddBridge(1, 1, 0);
        _pci.AddBridge(1, 2, 1);
        _pci.AddBridge(1, 3, 255);
        Assert.Equal(4, Scan().Count);
    }

    [Fact]
    public void The_first_bus_of_every_range_is_a_root()
    {
        _pci.Add(0x20, 0, 0, new PciFunctionModel(1, 2), segment: 3);
        _bus.Add(0x4000_0000 + (0x20UL << 20), 1 << 20, _pci.Ecam(3, 0x20));
        PciFunction function = Assert.Single(Scan(new EcamRange(0x4000_0000, 3, 0x20, 0x20)));
        Assert.Equal(3, function.Address.Segment);
    }

    [Fact]
    public void A_host_bridge_that_nothing_names_is_found_by_scanning_every_bus()
    {
        _pci.Add(0x27, 0, 0, new PciFunctionModel(0x1D0F, 0xEC20));
        EcamRange[] ranges = [new EcamRange(0xB000_0000, 0, 0, 255)];
        _bus.Add(0xB000_0000, 256 << 20, _pci.Ecam(0, 0));
        var scan = new PciScan<PciConfig<PciPorts, ModelRegisters>>(Models.Pci.Open(_pci, _bus, ranges));
        scan.ScanRoots(ranges);
        Assert.Empty(scan.Functions.ToArray());
        scan.ScanEveryBus(ranges);
        Assert.Equal(0x27, Assert.Single(scan.Functions.ToArray()).Address.Bus);
        Assert.Equal(0, scan.LostCount);
    }

    [Fact]
    public void More_functions_than_the_table_holds_are_counted()
    {
        for (int device = 0; device < 32; device++)
        {
            var first = new PciFunctionModel(1, 1);
            first.Space[0x0E] = 0x80;
            _pci.Add(0, device, 0, first);
            for (int function = 1; function < 8; function++) _pci.Add(0, device, function, new PciFunctionModel(1, 1));
        }
        _pci.Add(1, 0, 0, new PciFunctionModel(1, 1));
        EcamRange[] ranges = [new EcamRange(0, 0, 1, 1)];
        var scan = new PciScan<PciConfig<PciPorts, ModelRegisters>>(Models.Pci.Open(_pci, _bus));
        scan.ScanRoots(ranges);
        Assert.Equal(PciScan<PciConfig<PciPorts, ModelRegisters>>.FunctionsMax, scan.Functions.Length);
        Assert.Equal(1, scan.LostCount);
    }

    private List<PciFunction> Scan(params EcamRange[] ranges)
    {
        var scan = new PciScan<PciConfig<PciPorts, ModelRegisters>>(Models.Pci.Open(_pci, _bus, ranges));
        scan.ScanRoots(ranges);
        return [.. scan.Functions];
    }
}
