using System.Collections.Generic;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Pci;

public sealed class PciCapabilitiesTests
{
    private readonly ModelBus _bus = new();
    private readonly PciModel _pci;
    private readonly PciFunctionModel _function = new(0x1AF4, 0x1041);

    public PciCapabilitiesTests()
    {
        _pci = new PciModel(_bus);
        _pci.Add(0, 0, 0, _function);
    }

    [Fact]
    public void Capabilities_come_in_the_order_of_the_list()
    {
        int first = _function.AddCapability(0x11, new byte[10]);
        int second = _function.AddCapability(0x09, new byte[14]);
        Assert.Equal([(0x11, first), (0x09, second)], Walk());
    }

    [Fact]
    public void Without_the_status_bit_there_is_no_list()
    {
        _ = _function.AddCapability(0x11, new byte[10]);
        _function.Space[0x06] = 0;
        Assert.Empty(Walk());
    }

    [Fact]
    public void A_list_in_a_circle_ends()
    {
        int first = _function.AddCapability(0x11, new byte[10]);
        int second = _function.AddCapability(0x09, new byte[14]);
        _function.Space[second + 1] = (byte)first;
        Assert.Equal(48, Walk().Count);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x3C)]
    [InlineData(0x03)]
    public void A_link_into_the_header_ends_the_list(byte link)
    {
        int first = _function.AddCapability(0x11, new byte[10]);
        _function.Space[first + 1] = link;
        Assert.Equal([(0x11, first)], Walk());
    }

    [Fact]
    public void The_lower_bits_of_a_link_are_reserved()
    {
        int first = _function.AddCapability(0x11, new byte[10]);
        _function.Space[0x34] |= 3;
        Assert.Equal([(0x11, first)], Walk());
    }

    private List<(int Id, int Offset)> Walk()
    {
        var found = new List<(int, int)>();
        var walk = new PciCapabilities<PciConfig<PciPorts, ModelRegisters>>(
            Models.Pci.Open(_pci, _bus), new PciAddress(0, 0, 0, 0));
        while (walk.TryNext(out byte id, out int offset)) found.Add((id, offset));
        return found;
    }
}
