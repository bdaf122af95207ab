using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Drivers.Pci;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>The MCFG table (PCI Firmware 3.2 §4.1.2): which PCI buses are memory-mapped, and where.</summary>
public static class EcamTable
{
    private const int EntriesOffset = 44;
    private const int EntrySize = 16;

    /// <summary>Fills <paramref name="ranges"/>; returns how many there are, at most its length. None without the table.</summary>
    public static int Read(in AcpiTables tables, Span<EcamRange> ranges)
    {
        if (!tables.TryGetTable("MCFG"u8, out ReadOnlySpan<byte> table)) return 0;
        int count = 0;
        for (int offset = EntriesOffset; offset + EntrySize <= table.Length && count < ranges.Length; offset += EntrySize)
        {
            ReadOnlySpan<byte> entry = table.Slice(offset, EntrySize);
            ranges[count++] = new EcamRange(
                BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(8)),
                entry[10], entry[11]);
        }
        return count;
    }
}
