using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>
/// A small machine's memory from address 0 on, into which a test writes what a loader or firmware would.
/// </summary>
internal sealed class PhysicalMemory(int length)
{
    public Region Region { get; } = HostMemory.Allocate(length);

    public void Put(long address, ReadOnlySpan<byte> octets) => octets.CopyTo(Region.Slice(address, octets.Length));

    public void Put32(long address, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Region.Slice(address, sizeof(uint)), value);

    public void Put64(long address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Region.Slice(address, sizeof(ulong)), value);

    public uint Get32(long address) => BinaryPrimitives.ReadUInt32LittleEndian(Region.Slice(address, sizeof(uint)));

    public ulong Get64(long address) => BinaryPrimitives.ReadUInt64LittleEndian(Region.Slice(address, sizeof(ulong)));
}
