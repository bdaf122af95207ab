using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Pci;

public sealed class PciBarsTests
{
    private static readonly PciAddress Address = new(0, 0, 3, 0);

    private readonly ModelBus _bus = new();
    private readonly PciModel _pci;
    private readonly PciFunctionModel _function = new(0x1AF4, 0x1041);

    public PciBarsTests()
    {
        _pci = new PciModel(_bus);
        _pci.Add(0, 3, 0, _function);
    }

    [Fact]
    public void Every_kind_is_sized_and_left_as_it_was()
    {
        _function.AddBar(0, 32, 0xC040, null, isIo: true);
        _function.AddBar(1, 4096, 0xFEBC_0000, null);
        _function.AddBar(2, 1UL << 33, 0xE0_0000_0000, null, is64: true);
        _function.AddBar(4, 16384, 0xFEBF_C000, null, is64: true);
        _function.Write(4, 2, 0x0103);
        PciBar[] bars = Read();
        Check(bars[0], PciBarKind.Io, 0xC040, 32);
        Check(bars[1], PciBarKind.Memory, 0xFEBC_0000, 4096);
        Check(bars[2], PciBarKind.Memory, 0xE0_0000_0000, 1UL << 33);
        Check(bars[3], PciBarKind.None, 0, 0);
        Check(bars[4], PciBarKind.Memory, 0xFEBF_C000, 16384);
        Check(bars[5], PciBarKind.None, 0, 0);
        Assert.Equal(0x0103, _function.Command);
        Assert.Equal(0xE0_0000_0000u, _function.AddressOf(2));
        Assert.Equal(0xFEBF_C000u, _function.AddressOf(4));
    }

    [Fact]
    public void A_register_without_an_address_is_sized_but_not_assigned()
    {
        _function.AddBar(0, 4096, 0, null);
        _function.AddBar(4, 16384, 0, null, is64: true);
        PciBar[] bars = Read();
        Assert.Equal(4096u, bars[0].Length);
        Assert.False(bars[0].IsAssigned);
        Assert.Equal(16384u, bars[4].Length);
        Assert.False(bars[4].IsAssigned);
    }

    [Fact]
    public void A_64_bit_register_in_the_last_place_has_no_upper_half_and_is_none()
    {
        _function.AddBar(5, 4096, 0xFEBC_0000, null);
        _function.Space[0x24] |= 4;
        Check(Read()[5], PciBarKind.None, 0, 0);
    }

    [Theory]
    [InlineData(0u, 16u, true)]
    [InlineData(4080u, 16u, true)]
    [InlineData(4081u, 16u, false)]
    [InlineData(4096u, 0u, true)]
    [InlineData(4097u, 0u, false)]
    [InlineData(uint.MaxValue, uint.MaxValue, false)]
    [InlineData(0u, 4097u, false)]
    public void Contains_knows_where_the_register_ends(uint offset, uint length, bool expected) =>
        Assert.Equal(expected, new PciBar(PciBarKind.Memory, 0x1000, 4096).Contains(offset, length));

    private static void Check(PciBar bar, PciBarKind kind, ulong address, ulong length)
    {
        Assert.Equal(kind, bar.Kind);
        Assert.Equal(address, bar.Address);
        Assert.Equal(length, bar.Length);
    }

    private PciBar[] Read()
    {
        PciBar[] bars = new PciBar[PciBars.Count];
        PciBars.Read(Models.Pci.Open(_pci, _bus), Address, bars);
        return bars;
    }
}
