using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// Looks for ACPI's root pointer where a BIOS puts it (ACPI 6.5 §5.2.5.1): the first kibibyte of the extended BIOS data area, then
/// the last 128 KiB of the first megabyte.
/// </summary>
public static class RootPointer
{
    private const long ExtendedDataSegment = 0x40E;
    private const long ExtendedDataMin = 0x8_0000, ExtendedDataEnd = 0xA_0000;
    private const int ExtendedDataLength = 1024;
    private const long BiosStart = 0xE_0000, BiosEnd = 0x10_0000;
    private const int Step = 16;
    private const int Length = 20;

    /// <summary>Its physical address; 0 if there is none.</summary>
    public static ulong Find(Region memory)
    {
        long area = BinaryPrimitives.ReadUInt16LittleEndian(memory.Slice(ExtendedDataSegment, sizeof(ushort))) << 4;
        if (area is >= ExtendedDataMin and <= ExtendedDataEnd - ExtendedDataLength)
        {
            ulong found = Find(memory, area, area + ExtendedDataLength);
            if (found != 0) return found;
        }
        return Find(memory, BiosStart, BiosEnd);
    }

    private static ulong Find(Region memory, long start, long end)
    {
        for (long address = start; address + Length <= end; address += Step)
        {
            ReadOnlySpan<byte> candidate = memory.Slice(address, Length);
            if (candidate.StartsWith("RSD PTR "u8) && Sum(candidate) == 0) return (ulong)address;
        }
        return 0;
    }

    private static byte Sum(ReadOnlySpan<byte> octets)
    {
        byte sum = 0;
        for (int i = 0; i < octets.Length; i++) sum += octets[i];
        return sum;
    }
}
