using System;
using System.Collections.Generic;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>The registers of a modelled device. Widths are 1, 2 or 4 bytes.</summary>
internal interface IRegisterModel
{
    uint Read(uint offset, int width);

    void Write(uint offset, int width, uint value);
}

/// <summary>Physical addresses at which modelled devices answer; what nobody decodes reads as all ones.</summary>
internal sealed class ModelBus
{
    private readonly List<(ulong Address, uint Length, IRegisterModel Model)> _fixed = [];

    /// <summary>Devices whose address moves, such as PCI functions.</summary>
    public List<Func<ulong, (IRegisterModel Model, uint Offset)?>> Decoders { get; } = [];

    /// <summary>Accesses that no device decoded.</summary>
    public int StrayAccesses { get; private set; }

    /// <summary>Mapping at or above this address fails.</summary>
    public ulong Limit { get; set; } = ulong.MaxValue;

    public void Add(ulong address, uint length, IRegisterModel model) => _fixed.Add((address, length, model));

    public uint Read(ulong address, int width) =>
        Find(address) is var (model, offset) ? model.Read(offset, width) : uint.MaxValue >> (32 - (8 * width));

    public void Write(ulong address, int width, uint value)
    {
        if (Find(address) is var (model, offset)) model.Write(offset, width, value);
    }

    private (IRegisterModel Model, uint Offset)? Find(ulong address)
    {
        foreach ((ulong start, uint length, IRegisterModel model) in _fixed)
        {
            if (address >= start && address - start < length) return (model, (uint)(address - start));
        }
        foreach (Func<ulong, (IRegisterModel, uint)?> decode in Decoders)
        {
            if (decode(address) is { } found) return found;
        }
        StrayAccesses++;
        return null;
    }
}

/// <summary>A window onto a <see cref="ModelBus"/>.</summary>
internal readonly struct ModelRegisters(ModelBus bus, ulong address, uint length) : IRegisters
{
    public uint Length => length;

    public byte Read8(uint offset) => (byte)bus.Read(At(offset, 1), 1);

    public ushort Read16(uint offset) => (ushort)bus.Read(At(offset, 2), 2);

    public uint Read32(uint offset) => bus.Read(At(offset, 4), 4);

    public void Write8(uint offset, byte value) => bus.Write(At(offset, 1), 1, value);

    public void Write16(uint offset, ushort value) => bus.Write(At(offset, 2), 2, value);

    public void Write32(uint offset, uint value) => bus.Write(At(offset, 4), 4, value);

    private ulong At(uint offset, uint width)
    {
        if ((ulong)offset + width > length) throw new ModelException($"access at {offset:x} outside the window");
        if ((address + offset) % width != 0) throw new ModelException($"access at {offset:x} is not aligned");
        return address + offset;
    }
}

/// <summary>Maps whatever is below the bus's limit.</summary>
internal readonly struct ModelMap(ModelBus bus) : IRegisterMap<ModelRegisters>
{
    public bool TryMap(ulong address, uint length, out ModelRegisters registers)
    {
        registers = new ModelRegisters(bus, address, length);
        return address <= bus.Limit && length <= bus.Limit - address;
    }
}

/// <summary>The driver did what the specification forbids.</summary>
internal sealed class ModelException(string message) : Exception(message);
