using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Pci;

public sealed class PciConfigTests
{
    private const ulong EcamBase = 0xB000_0000;

    private readonly ModelBus _bus = new();
    private readonly PciModel _pci;

    public PciConfigTests() => _pci = new PciModel(_bus);

    [Fact]
    public void Without_ecam_every_width_goes_through_the_ports()
    {
        var function = new PciFunctionModel(0x1AF4, 0x1041);
        function.Space[0x41] = 0x12;
        function.Space[0x42] = 0x34;
        function.Space[0x43] = 0x56;
        _pci.Add(3, 31, 7, function);
        PciConfig<PciPorts, ModelRegisters> config = Models.Pci.Open(_pci, _bus);
        var address = new PciAddress(0, 3, 31, 7);
        Assert.Equal(0x1041_1AF4u, config.Read32(address, 0));
        Assert.Equal(0x1041, config.Read16(address, 2));
        Assert.Equal(0x12, config.Read8(address, 0x41));
        Assert.Equal(0x5634, config.Read16(address, 0x42));
        config.Write16(address, 4, 0x0406);
        Assert.Equal(0x0406, function.Command);
    }

    [Fact]
    public void Each_bus_is_reached_the_way_that_covers_it()
    {
        // The MCFG entry starts at bus 1; its base is where bus 0 would be.
        _pci.Add(0, 2, 0, new PciFunctionModel(0x8086, 0x1237));
        _pci.Add(1, 2, 0, new PciFunctionModel(0x1D0F, 0xEC20));
        _bus.Add(EcamBase + (1 << 20), 2 << 20, _pci.Ecam(0, 1));
        PciConfig<PciPorts, ModelRegisters> config = Models.Pci.Open(_pci, _bus, new EcamRange(EcamBase, 0, 1, 2));
        Assert.Equal(0xEC20_1D0Fu, config.Read32(new PciAddress(0, 1, 2, 0), 0));
        Assert.Equal(0, _pci.PortAccesses);
        Assert.Equal(0x1237_8086u, config.Read32(new PciAddress(0, 0, 2, 0), 0));
        Assert.Equal(1, _pci.PortAccesses);
        Assert.Equal(0, _bus.StrayAccesses);
    }

    [Fact]
    public void What_nothing_reaches_reads_as_all_ones_and_ignores_writes()
    {
        PciConfig<PciPorts, ModelRegisters> config = Models.Pci.Open(_pci, _bus);
        var otherSegment = new PciAddress(1, 0, 0, 0);
        Assert.Equal(uint.MaxValue, config.Read32(otherSegment, 0));
        Assert.Equal(ushort.MaxValue, config.Read16(otherSegment, 0));
        Assert.Equal(byte.MaxValue, config.Read8(otherSegment, 0));
        config.Write16(otherSegment, 4, 0);
        config.Write32(otherSegment, 16, 0);
        Assert.Equal(uint.MaxValue, config.Read32(new PciAddress(0, 0, 0, 0), 0x100));
        Assert.Equal(0, _pci.PortAccesses);
    }

    [Theory]
    [InlineData(EcamBase, 5, 4)]
    [InlineData(0xFFFF_FFFF_FFF0_0000, 1, 2)]
    [InlineData(0x80_0000_0000, 0, 255)]
    public void A_range_that_cannot_be_is_left_to_the_ports(ulong start, byte startBus, byte endBus)
    {
        _bus.Limit = 1UL << 32;
        _pci.Add(1, 0, 0, new PciFunctionModel(0x1AF4, 0x1041));
        var range = new EcamRange(start, 0, startBus, endBus);
        PciConfig<PciPorts, ModelRegisters> config = Models.Pci.Open(_pci, _bus, range);
        Assert.Equal(0x1041_1AF4u, config.Read32(new PciAddress(0, 1, 0, 0), 0));
    }
}
