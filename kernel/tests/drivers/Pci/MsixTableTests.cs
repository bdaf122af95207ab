using System.Linq;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Pci;

public sealed class MsixTableTests
{
    private static readonly PciAddress Address = new(0, 0, 0, 0);

    private readonly ModelBus _bus = new();
    private readonly PciModel _pci;
    private readonly PciFunctionModel _function = new(0x1AF4, 0x1041);
    private readonly MsixModel _msix;

    public MsixTableTests()
    {
        _pci = new PciModel(_bus);
        _pci.Add(0, 0, 0, _function);
        _msix = new MsixModel(_function, 5, bar: 1);
        _function.AddBar(1, 4096, 0xFEBC_0000, _msix);
    }

    [Fact]
    public void A_programmed_entry_reaches_its_processor_and_the_others_stay_masked()
    {
        Assert.True(TryOpen(out MsixTable<PciConfig<PciPorts, ModelRegisters>, ModelRegisters> table));
        Assert.Equal(5, table.Count);
        _function.Write(4, 2, 0x0406);
        table.Enable();
        Assert.True(_msix.IsEnabled);
        Assert.False(_msix.IsFunctionMasked);
        table.Program(2, new MsiTarget(0x51, 7));
        _msix.Raise(2);
        _msix.Raise(3);
        Assert.Equal((0xFEE0_7000UL, 0x51u), Assert.Single(_msix.Messages));
        Assert.Equal([true, true, false, true, true], Enumerable.Range(0, 5).Select(_msix.IsMasked));
        table.Mask(2);
        _msix.Raise(2);
        _ = Assert.Single(_msix.Messages);
        table.Program(2, new MsiTarget(0x52, 0xFF));
        Assert.Equal((0xFEEF_F000UL, 0x52u), _msix.Messages.Last());
    }

    [Fact]
    public void An_entry_that_firmware_left_unmasked_sends_nothing()
    {
        Assert.True(TryOpen(out MsixTable<PciConfig<PciPorts, ModelRegisters>, ModelRegisters> table));
        _function.Write(4, 2, 0x0406);
        _msix.LeaveUnmasked(3);
        _msix.Raise(3);
        table.Enable();
        Assert.Empty(_msix.Messages);
        Assert.True(_msix.IsMasked(3));
    }

    [Theory]
    [InlineData(6u)]                      // reserved bar
    [InlineData(7u)]
    [InlineData(0u)]                      // a register that does not exist
    [InlineData(4096u - 64 | 1)]          // past the end of the register
    [InlineData(0xFFFF_FFF8u | 1)]
    public void A_table_that_is_not_inside_a_register_is_refused(uint location)
    {
        int capability = _function.Space[0x34];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(_function.Space[(capability + 4)..], location);
        Assert.False(TryOpen(out _));
    }

    [Fact]
    public void A_table_behind_an_unassigned_register_is_refused()
    {
        _function.AddBar(1, 4096, 0, _msix);
        Assert.False(TryOpen(out _));
    }

    [Fact]
    public void A_function_without_the_capability_has_no_table()
    {
        _function.Space[0x34] = 0;
        Assert.False(TryOpen(out _));
    }

    private bool TryOpen(out MsixTable<PciConfig<PciPorts, ModelRegisters>, ModelRegisters> table)
    {
        PciConfig<PciPorts, ModelRegisters> config = Models.Pci.Open(_pci, _bus);
        PciBar[] bars = new PciBar[PciBars.Count];
        PciBars.Read(config, Address, bars);
        _function.Write(4, 2, 0x0002);
        return MsixTable<PciConfig<PciPorts, ModelRegisters>, ModelRegisters>.TryOpen(
            config, Address, bars, new ModelMap(_bus), out table);
    }
}
