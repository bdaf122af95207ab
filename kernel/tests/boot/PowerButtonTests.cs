using System.Collections.Generic;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class PowerButtonTests
{
    private const ushort Port = 0x600;

    [Fact]
    public void It_is_enabled_beside_what_is_enabled_and_an_old_press_is_forgotten()
    {
        var chip = new Chip { Enabled = 0x0020, Status = 0x0101 };
        var button = new PowerButton<ChipPorts>(new ChipPorts(chip), Port);
        Assert.Equal((0x0120, 0x0001), (chip.Enabled, chip.Status));
        Assert.Equal(Port, button.StatusPort);
        Assert.False(button.IsPressed);
    }

    [Fact]
    public void A_press_stays_and_looking_touches_one_port()
    {
        var chip = new Chip();
        var button = new PowerButton<ChipPorts>(new ChipPorts(chip), Port);
        chip.Touched.Clear();
        Assert.False(button.IsPressed);
        // Other events are none of its business.
        chip.Status |= 0x8001;
        Assert.False(button.IsPressed);
        chip.Press();
        Assert.True(button.IsPressed);
        Assert.True(button.IsPressed);
        Assert.Equal([Port], chip.Touched);
    }

    [Fact]
    public void Without_a_port_there_is_no_button()
    {
        var chip = new Chip();
        var button = new PowerButton<ChipPorts>(new ChipPorts(chip), 0);
        Assert.False(button.IsPressed);
        Assert.Empty(chip.Touched);
    }

    /// <summary>Tables may name a port where nothing is.</summary>
    [Fact]
    public void A_bit_that_cannot_be_cleared_is_no_button()
    {
        var chip = new Chip { IsAbsent = true };
        var button = new PowerButton<ChipPorts>(new ChipPorts(chip), Port);
        Assert.Equal(0, button.StatusPort);
        Assert.False(button.IsPressed);
    }

    /// <summary>PM1a status and enable registers: a written one clears a status bit, and only an enabled button counts.</summary>
    private sealed class Chip
    {
        public bool IsAbsent { get; init; }

        public ushort Status { get; set; }

        public ushort Enabled { get; set; }

        public HashSet<ushort> Touched { get; } = [];

        public void Press() => Status |= (ushort)(Enabled & 0x0100);
    }

    private readonly struct ChipPorts(Chip chip) : IPorts
    {
        public ushort In16(ushort port)
        {
            _ = chip.Touched.Add(port);
            return port switch
            {
                _ when chip.IsAbsent => ushort.MaxValue,
                Port => chip.Status,
                Port + 2 => chip.Enabled,
                _ => throw new ModelException("not a register"),
            };
        }

        public void Out16(ushort port, ushort value)
        {
            _ = chip.Touched.Add(port);
            if (port == Port) chip.Status &= (ushort)~value;
            else if (port == Port + 2) chip.Enabled = value;
            else throw new ModelException("not a register");
        }

        public byte In8(ushort port) => throw new ModelException("two bytes");

        public uint In32(ushort port) => throw new ModelException("two bytes");

        public void Out8(ushort port, byte value) => throw new ModelException("two bytes");

        public void Out32(ushort port, uint value) => throw new ModelException("two bytes");
    }
}
