using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Loader.Bios;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Tests.Loader.Bios;

/// <summary>What the loader told the kernel, by the offsets of Xen's x86/HVM direct boot ABI.</summary>
internal static class StartInfo
{
    public static List<(ulong Start, ulong Length, uint Type)> Ranges(Region memory)
    {
        ReadOnlySpan<byte> info = memory.Slice(BiosMemory.StartInfo, 56);
        long table = BinaryPrimitives.ReadInt64LittleEndian(info[40..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(info[48..]);
        var ranges = new List<(ulong, ulong, uint)>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> range = memory.Slice(table + (i * 24), 24);
            ranges.Add((
                BinaryPrimitives.ReadUInt64LittleEndian(range), BinaryPrimitives.ReadUInt64LittleEndian(range[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(range[16..])));
        }
        return ranges;
    }

    public static string CommandLine(Region memory)
    {
        long address = BinaryPrimitives.ReadInt64LittleEndian(memory.Slice(BiosMemory.StartInfo + 24, 8));
        ReadOnlySpan<byte> text = memory.Slice(address, 4096);
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    public static ulong Rsdp(Region memory) =>
        BinaryPrimitives.ReadUInt64LittleEndian(memory.Slice(BiosMemory.StartInfo + 32, 8));
}
