using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>The fixed ACPI description table, FADT (ACPI 6.5 §5.2.9): where the PM timer, the power button and the
/// switch are.</summary>
public readonly ref struct FixedTable
{
    private const int MinSize = 116;
    private const int DsdtOffset = 40;
    private const int Pm1EventOffset = 56;
    private const int Pm1aControlOffset = 64;
    private const int Pm1bControlOffset = 68;
    private const int PmTimerOffset = 76;
    private const int Pm1EventLengthOffset = 88;
    private const int Pm1ControlLengthOffset = 89;
    private const int FlagsOffset = 112;
    private const int ExtendedDsdtOffset = 140;
    private const int SleepControlOffset = 244;
    private const int GenericAddressSize = 12;
    private const byte InMemory = 0;
    private const byte AtPort = 1;
    private const uint HasNoFixedButton = 1 << 4;
    private const uint PmTimerIs32Bit = 1 << 8;
    private const uint IsHardwareReduced = 1 << 20;

    // Two bytes of status and two of what is enabled.
    private const int EventLength = 4;

    private const int ControlLength = 2;

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

    /// <summary>
    /// What switches the machine off (§4.8.3.2.1, §4.8.3.7). None if that takes two chips that have to be told at once: no
    /// virtual machine is made of two.
    /// </summary>
    public SleepRegister SleepRegister
    {
        get
        {
            if ((Flags & IsHardwareReduced) != 0) return SleepControl;
            bool isOne = _table[Pm1ControlLengthOffset] >= ControlLength && Port(Pm1aControlOffset) != 0 && Word(Pm1bControlOffset) == 0;
            return isOne ? new SleepRegister(SleepRegisterKind.Pm1Control, Port(Pm1aControlOffset)) : default;
        }
    }

    /// <summary>Where the DSDT is, physically.</summary>
    public ulong DsdtAddress
    {
        get
        {
            ulong extended = _table.Length >= ExtendedDsdtOffset + sizeof(ulong)
                ? BinaryPrimitives.ReadUInt64LittleEndian(_table.Slice(ExtendedDsdtOffset))
                : 0;
            return extended != 0 ? extended : Word(DsdtOffset);
        }
    }

    /// <summary>A generic address (§5.2.3.2): space, width, offset, access size, and the address.</summary>
    private SleepRegister SleepControl
    {
        get
        {
            if (_table.Length < SleepControlOffset + GenericAddressSize) return default;
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(_table.Slice(SleepControlOffset + 4));
            return _table[SleepControlOffset] switch
            {
                InMemory when address != 0 => new SleepRegister(SleepRegisterKind.ControlMemory, address),
                AtPort when address is > 0 and <= ushort.MaxValue => new SleepRegister(SleepRegisterKind.ControlPort, address),
                _ => default,
            };
        }
    }

    private uint Flags => Word(FlagsOffset);

    public static bool TryFind(in AcpiTables tables, out FixedTable fadt)
    {
        fadt = default;
        if (!tables.TryGetTable("FACP"u8, out ReadOnlySpan<byte> table)) return false;
        if (table.Length < MinSize) return false;
        fadt = new FixedTable(table);
        return true;
    }

    private uint Word(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(offset));

    private ushort Port(int offset)
    {
        uint port = Word(offset);
        return port <= ushort.MaxValue ? (ushort)port : (ushort)0;
    }
}
