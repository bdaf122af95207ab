using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>The memory that was given to a driver for sharing: a device that is led outside of it complains.</summary>
internal sealed class DmaMemory(Region region)
{
    public Span<byte> Slice(ulong address, uint length)
    {
        ulong offset = address - region.Address;
        if (address < region.Address || offset > (ulong)region.Length || length > (ulong)region.Length - offset)
            throw new ModelException($"{length} bytes at {address:x} were not given to the device");
        return region.Slice((long)offset, (int)length);
    }

    public ushort Read16(ulong address) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(address, 2));

    public uint Read32(ulong address) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(address, 4));

    public ulong Read64(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(address, 8));

    public void Write16(ulong address, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Slice(address, 2), value);

    public void Write32(ulong address, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Slice(address, 4), value);
}
