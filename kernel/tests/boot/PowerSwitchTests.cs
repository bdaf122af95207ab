using System.Collections.Generic;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Boot.Acpi;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class PowerSwitchTests
{
    private const ushort Port = 0x604;

    /// <summary>SCI_EN and what else is there stays; SLP_TYP comes first, then SLP_EN with it.</summary>
    [Theory]
    [InlineData(0x0001, 0, new[] { 0x0001, 0x2001 })]
    [InlineData(0x0001, 5, new[] { 0x1401, 0x3401 })]
    [InlineData(0x3C03, 2, new[] { 0x0803, 0x2803 })]
    public void The_control_register_is_told_type_and_order(ushort before, byte type, int[] written)
    {
        var chip = new Chip { Control = before };
        PowerSwitch<ChipPorts, ChipRegisters> toggle = Make(chip, SleepRegisterKind.Pm1Control, type);
        Assert.Equal(Port, toggle.Port);
        Assert.Empty(chip.Written);
        toggle.Off();
        Assert.Equal(written, chip.Written);
    }

    [Theory]
    [InlineData(0, 0x20)]
    [InlineData(5, 0x34)]
    [InlineData(7, 0x3C)]
    public void The_sleep_control_register_takes_both_in_a_byte(byte type, int written)
    {
        var chip = new Chip();
        PowerSwitch<ChipPorts, ChipRegisters> toggle = Make(chip, SleepRegisterKind.ControlPort, type);
        Assert.Equal(Port, toggle.Port);
        toggle.Off();
        PowerSwitch<ChipPorts, ChipRegisters> inMemory = Make(chip, SleepRegisterKind.ControlMemory, type);
        Assert.Equal(0, inMemory.Port);
        inMemory.Off();
        Assert.Equal([written, written | Chip.InMemory], chip.Written);
    }

    [Fact]
    public void Without_a_register_nothing_is_touched()
    {
        var chip = new Chip();
        PowerSwitch<ChipPorts, ChipRegisters> toggle = Make(chip, SleepRegisterKind.None, 5);
        Assert.Equal(0, toggle.Port);
        toggle.Off();
        Assert.Empty(chip.Written);
    }

    private static PowerSwitch<ChipPorts, ChipRegisters> Make(Chip chip, SleepRegisterKind kind, byte type) =>
        new(new ChipPorts(chip), new SoftOffState(new SleepRegister(kind, Port), type), new ChipRegisters(chip));

    private sealed class Chip
    {
        public const int InMemory = 1 << 16;

        public ushort Control { get; init; }

        public List<int> Written { get; } = [];
    }

    private readonly struct ChipPorts(Chip chip) : IPorts
    {
        public ushort In16(ushort port) => port == Port ? chip.Control : throw new ModelException("not the register");

        public void Out16(ushort port, ushort value) => Write(port, value);

        public void Out8(ushort port, byte value) => Write(port, value);

        public byte In8(ushort port) => throw new ModelException("it is written");

        public uint In32(ushort port) => throw new ModelException("two bytes");

        public void Out32(ushort port, uint value) => throw new ModelException("two bytes");

        private void Write(ushort port, int value) =>
            chip.Written.Add(port == Port ? value : throw new ModelException("not the register"));
    }

    private readonly struct ChipRegisters(Chip chip) : IRegisters
    {
        public uint Length => 1;

        public void Write8(uint offset, byte value) =>
            chip.Written.Add(offset == 0 ? value | Chip.InMemory : throw new ModelException("not the register"));

        public byte Read8(uint offset) => throw new ModelException("it is written");

        public ushort Read16(uint offset) => throw new ModelException("one byte");

        public uint Read32(uint offset) => throw new ModelException("one byte");

        public void Write16(uint offset, ushort value) => throw new ModelException("one byte");

        public void Write32(uint offset, uint value) => throw new ModelException("one byte");
    }
}
