using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>The fixed ACPI description table, FADT (ACPI 6.5 §5.2.9): where the PM timer is.</summary>
public readonly ref struct FixedTable
{
    private const int MinSize = 116;
    private const int PmTimerOffset = 76;
    private const int FlagsOffset = 112;
    private const uint PmTimerIs32Bit = 1 << 8;

    private readonly ReadOnlySpan<byte> _table;

    private FixedTable(ReadOnlySpan<byte> table) => _table = table;

    /// <summary>I/O port of the 3.579545 MHz counter, or 0 if the machine has none.</summary>
    public ushort PmTimerPort => Port(PmTimerOffset);

    /// <summary>How many bits of the counter count: 24 or 32.</summary>
    public int PmTimerBits =>
        (BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(FlagsOffset)) & PmTimerIs32Bit) != 0 ? 32 : 24;

    public static bool TryFind(in AcpiTables tables, out FixedTable fadt)
    {
        fadt = default;
        if (!tables.TryGetTable("FACP"u8, out ReadOnlySpan<byte> table)) return false;
        if (table.Length < MinSize) return false;
        fadt = new FixedTable(table);
        return true;
    }

    private ushort Port(int offset)
    {
        uint port = BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(offset));
        return port <= ushort.MaxValue ? (ushort)port : (ushort)0;
    }
}
