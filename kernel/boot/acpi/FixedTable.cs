using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>The fixed ACPI description table, FADT (ACPI 6.5 §5.2.9): where the PM timer and the power button are.</summary>
public readonly ref struct FixedTable
{
    private const int MinSize = 116;
    private const int Pm1EventOffset = 56;
    private const int PmTimerOffset = 76;
    private const int Pm1EventLengthOffset = 88;
    private const int FlagsOffset = 112;
    private const uint HasNoFixedButton = 1 << 4;
    private const uint PmTimerIs32Bit = 1 << 8;
    private const uint IsHardwareReduced = 1 << 20;

    // Two bytes of status and two of what is enabled.
    private const int EventLength = 4;

    private readonly ReadOnlySpan<byte> _table;

    private FixedTable(ReadOnlySpan<byte> table) => _table = table;

    /// <summary>I/O port of the 3.579545 MHz counter, or 0 if the machine has none.</summary>
    public ushort PmTimerPort => Port(PmTimerOffset);

    /// <summary>How many bits of the counter count: 24 or 32.</summary>
    public int PmTimerBits => (Flags & PmTimerIs32Bit) != 0 ? 32 : 24;

    /// <summary>
    /// I/O port of the PM1a event registers (ACPI 6.5 §4.8.3.1), or 0 if the power button is not in them: where it is a
    /// device of its own (§4.8.2.2.1), only the machine's byte code knows how to ask it.
    /// </summary>
    public ushort PowerButtonPort
    {
        get
        {
            bool isFixed = (Flags & (HasNoFixedButton | IsHardwareReduced)) == 0 && _table[Pm1EventLengthOffset] >= EventLength;
            return isFixed ? Port(Pm1EventOffset) : (ushort)0;
        }
    }

    private uint Flags => BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(FlagsOffset));

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
