using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Arch;

/// <summary>Against the register file of the Intel 82093AA: an index at 0x00, the data at 0x10.</summary>
public sealed class IoApicTests
{
    private readonly RegistersModel _window = new();
    private readonly uint[] _file = new uint[256];

    [Theory]
    [InlineData(0x0017_0011u, 24u)]
    [InlineData(0x0017_8020u, 24u)]
    [InlineData(0x0000_0011u, 1u)]
    [InlineData(0x0077_0020u, 120u)]
    public void Tells_how_many_wires_it_has(uint version, uint expected) =>
        Assert.Equal(expected, Create(version).InputCount);

    [Fact]
    public void Masks_every_input_and_nothing_else()
    {
        IoApic<Registers32> apic = Create(0x0017_0020);
        for (int i = 0x10; i < 0x100; i++) _file[i] = 0x1234_5678;
        apic.MaskAll();
        for (int i = 0x10; i < 0x100; i++)
        {
            bool isEntry = i < 0x10 + 48;
            Assert.Equal(isEntry && i % 2 == 0 ? 0x1_0000u : 0x1234_5678u, _file[i]);
        }
    }

    [Theory]
    [InlineData(0u, (byte)33, 0u, false, 0x0000_0021u, 0x0000_0000u)]
    [InlineData(5u, (byte)33, 1u, true, 0x0000_8021u, 0x0100_0000u)]
    [InlineData(23u, (byte)0xFE, 0xFFu, false, 0x0000_00FEu, 0xFF00_0000u)]
    public void Routes_an_input_to_a_processor(uint input, byte vector, uint apicId, bool isLevel, uint low, uint high)
    {
        IoApic<Registers32> apic = Create(0x0017_0020);
        Assert.True(apic.TryRoute(input, vector, apicId, isLevel));
        Assert.Equal(low, _file[0x10 + (input * 2)]);
        Assert.Equal(high, _file[0x11 + (input * 2)]);
        // The destination is set before the low half takes the mask away.
        Assert.Equal(0x11 + (input * 2), _window.Writes[^4].Value);
        Assert.Equal(0x10 + (input * 2), _window.Writes[^2].Value);
    }

    [Fact]
    public void Refuses_an_input_it_does_not_have()
    {
        IoApic<Registers32> apic = Create(0x0017_0020);
        Assert.False(apic.TryRoute(24, 33, 0, isLevel: false));
        Assert.False(apic.TryRoute(uint.MaxValue, 33, 0, isLevel: false));
        _ = Assert.Throws<BrokenInvariantException>(() => apic.TryRoute(1, 33, 256, isLevel: false));
    }

    private IoApic<Registers32> Create(uint version)
    {
        _file[1] = version;
        _window.OnRead = offset => offset == 0x10 ? _file[_window.Values[0]] : null;
        _window.OnWrite = (offset, value) =>
        {
            if (offset == 0x10) _file[_window.Values[0]] = value;
        };
        return new IoApic<Registers32>(new Registers32(_window));
    }
}
