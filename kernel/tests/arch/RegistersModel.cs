using System;
using System.Collections.Generic;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Arch;

/// <summary>32-bit registers that remember their writes in order; any other width is a mistake of the driver.</summary>
internal sealed class RegistersModel
{
    public Dictionary<uint, uint> Values { get; } = [];

    public List<(uint Offset, uint Value)> Writes { get; } = [];

    /// <summary>What a register reads as, if it is not what was written.</summary>
    public Func<uint, uint?>? OnRead { get; set; }

    /// <summary>What else a write does.</summary>
    public Action<uint, uint>? OnWrite { get; set; }

    public uint Read(uint offset) => OnRead?.Invoke(offset) ?? Values.GetValueOrDefault(offset);

    public void Write(uint offset, uint value)
    {
        Values[offset] = value;
        Writes.Add((offset, value));
        OnWrite?.Invoke(offset, value);
    }
}

/// <summary>A <see cref="RegistersModel"/> as a type parameter.</summary>
internal readonly struct Registers32(RegistersModel model) : IRegisters
{
    public uint Length => 0x1000;

    public byte Read8(uint offset) => throw new ModelException("the registers are 32 bits wide");

    public ushort Read16(uint offset) => throw new ModelException("the registers are 32 bits wide");

    public uint Read32(uint offset) => model.Read(offset);

    public void Write8(uint offset, byte value) => throw new ModelException("the registers are 32 bits wide");

    public void Write16(uint offset, ushort value) => throw new ModelException("the registers are 32 bits wide");

    public void Write32(uint offset, uint value) => model.Write(offset, value);
}
