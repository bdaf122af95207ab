using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Loader;

/// <summary>Reads the memory map that UEFI gives (UEFI 2.10 §7.2.3, EFI_MEMORY_DESCRIPTOR).</summary>
public static class UefiMemoryMap
{
    /// <summary>The least size of a descriptor; firmware may have longer ones.</summary>
    public const int DescriptorLengthMin = 40;

    private const int TypeOffset = 0, StartOffset = 8, PageCountOffset = 24;
    private const int PageShift = 12;
    private const uint Conventional = 7;

    /// <summary>
    /// Adds what the map says, as it is once boot services are over: the firmware's own code and data are free then, and the
    /// loader's.
    /// </summary>
    /// <param name="map">Descriptors, one after the other; a last piece that is none is left out.</param>
    /// <param name="descriptorLength">The distance from one to the next.</param>
    /// <param name="info">Where the ranges go.</param>
    /// <returns>False if there are too many, or they are shorter than <see cref="DescriptorLengthMin"/>.</returns>
    public static bool TryAdd(ReadOnlySpan<byte> map, int descriptorLength, ref StartInfoBuilder info)
    {
        if (descriptorLength < DescriptorLengthMin) return false;
        while (map.Length >= descriptorLength)
        {
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(map.Slice(StartOffset));
            ulong pages = BinaryPrimitives.ReadUInt64LittleEndian(map.Slice(PageCountOffset));
            MemoryType type = TypeOf(BinaryPrimitives.ReadUInt32LittleEndian(map.Slice(TypeOffset)));
            // More than there are addresses for: all to the end, which is nothing to use, but something to stay away from.
            ulong pagesMax = (ulong.MaxValue - start) >> PageShift;
            if (pages > pagesMax && type == MemoryType.Ram) type = MemoryType.Unusable;
            if (!info.TryAddRange(start, Math.Min(pages, pagesMax) << PageShift, type)) return false;
            map = map.Slice(descriptorLength);
        }
        return true;
    }

    private static MemoryType TypeOf(uint type) => type switch
    {
        1 or 2 or 3 or 4 or Conventional => MemoryType.Ram,         // the loader's and boot services' code and data
        8 => MemoryType.Unusable,
        9 => MemoryType.Acpi,
        10 => MemoryType.AcpiNvs,
        14 => MemoryType.Persistent,
        _ => MemoryType.Reserved,
    };
}
