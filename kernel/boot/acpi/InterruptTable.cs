using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>The MADT (ACPI 6.5 §5.2.12), as far as it tells which I/O APIC an interrupt line ends at.</summary>
public readonly ref struct InterruptTable
{
    private const int EntriesOffset = 44;
    private const byte IoApicType = 1;
    private const int IoApicSize = 12;

    private readonly ReadOnlySpan<byte> _table;

    private InterruptTable(ReadOnlySpan<byte> table) => _table = table;

    public static bool TryFind(in AcpiTables tables, out InterruptTable madt)
    {
        madt = default;
        if (!tables.TryGetTable("APIC"u8, out ReadOnlySpan<byte> table) || table.Length < EntriesOffset) return false;
        madt = new InterruptTable(table);
        return true;
    }

    /// <summary>Finds the <paramref name="index"/>-th I/O APIC: its address, and the number of its first line.</summary>
    public bool TryGetIoApic(int index, out ulong address, out uint firstGsi)
    {
        address = 0;
        firstGsi = 0;
        int offset = EntriesOffset;
        while (offset + 2 <= _table.Length)
        {
            int length = _table[offset + 1];
            if (length < 2 || length > _table.Length - offset) return false;
            if (_table[offset] == IoApicType && length >= IoApicSize && index-- == 0)
            {
                address = BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(offset + 4));
                firstGsi = BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(offset + 8));
                return true;
            }
            offset += length;
        }
        return false;
    }
}
