using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>
/// Finds tables by signature (ACPI 6.5 §5.2). Only static tables are read: nothing here runs AML.
/// </summary>
public readonly struct AcpiTables
{
    private const int RsdpSize = 20;
    private const int RsdpRevisionOffset = 15;
    private const int RsdtAddressOffset = 16;
    private const int XsdtAddressOffset = 24;
    private const int ExtendedRsdpSize = 36;
    private const long SearchStart = 0xE_0000;
    private const long SearchEnd = 0x10_0000;
    private const int SearchStep = 16;
    private const int HeaderSize = 36;
    private const int LengthOffset = 4;

    // The interrupt controllers of thousands of processors take less, and a list that lies should not keep a boot for long.
    private const int TableSizeMax = 1 << 17;
    private const int EntriesMax = 1024;

    private readonly Region _physical;
    private readonly long _root;
    private readonly int _entrySize;

    private AcpiTables(Region physical, long root, int entrySize)
    {
        _physical = physical;
        _root = root;
        _entrySize = entrySize;
    }

    /// <summary>
    /// Reads the root pointer at <paramref name="rsdpAddress"/>, or looks for it where firmware puts it if that is 0
    /// (§5.2.5.1). Fails if there is none: some machines have no ACPI.
    /// </summary>
    public static bool TryFind(Region physical, ulong rsdpAddress, out AcpiTables tables)
    {
        tables = default;
        if (rsdpAddress != 0) return TryReadRoot(physical, rsdpAddress, out tables);
        for (long address = SearchStart; address < SearchEnd; address += SearchStep)
        {
            if (TryReadRoot(physical, (ulong)address, out tables)) return true;
        }
        return false;
    }

    /// <summary>Gives the whole table, header included. Fails if it is missing, cut short or its checksum is wrong.</summary>
    public bool TryGetTable(ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> table)
    {
        table = default;
        if (!TryReadTable((ulong)_root, default, out ReadOnlySpan<byte> root)) return false;
        int end = Math.Min(root.Length, HeaderSize + (EntriesMax * _entrySize));
        for (int offset = HeaderSize; offset + _entrySize <= end; offset += _entrySize)
        {
            ulong address = _entrySize == sizeof(ulong)
                ? BinaryPrimitives.ReadUInt64LittleEndian(root.Slice(offset))
                : BinaryPrimitives.ReadUInt32LittleEndian(root.Slice(offset));
            if (TryReadTable(address, signature, out table)) return true;
        }
        table = default;
        return false;
    }

    /// <summary>The same for a table that another one points at.</summary>
    public bool TryGetTableAt(ulong address, ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> table) =>
        TryReadTable(address, signature, out table);

    private static bool TryReadRoot(Region physical, ulong address, out AcpiTables tables)
    {
        tables = default;
        if (address > (ulong)(physical.Length - ExtendedRsdpSize)) return false;
        ReadOnlySpan<byte> pointer = physical.Slice((long)address, ExtendedRsdpSize);
        if (!pointer.StartsWith("RSD PTR "u8)) return false;
        if (Sum(pointer.Slice(0, RsdpSize)) != 0) return false;
        ulong root = pointer[RsdpRevisionOffset] >= 2
            ? BinaryPrimitives.ReadUInt64LittleEndian(pointer.Slice(XsdtAddressOffset))
            : 0;
        // Some firmware has the later pointer, but only the earlier table.
        bool isExtended = root != 0;
        if (!isExtended) root = BinaryPrimitives.ReadUInt32LittleEndian(pointer.Slice(RsdtAddressOffset));
        if (root == 0 || root > long.MaxValue) return false;
        tables = new AcpiTables(physical, (long)root, isExtended ? sizeof(ulong) : sizeof(uint));
        return true;
    }

    private bool TryReadTable(ulong address, ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> table)
    {
        table = default;
        if (address == 0 || address > (ulong)(_physical.Length - HeaderSize)) return false;
        ReadOnlySpan<byte> header = _physical.Slice((long)address, HeaderSize);
        if (!header.StartsWith(signature)) return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header.Slice(LengthOffset));
        if (length is < HeaderSize or > TableSizeMax) return false;
        if ((long)length > _physical.Length - (long)address) return false;
        ReadOnlySpan<byte> candidate = _physical.Slice((long)address, (int)length);
        if (Sum(candidate) != 0) return false;
        table = candidate;
        return true;
    }

    // §5.2.6: all bytes of a table add up to zero.
    private static byte Sum(ReadOnlySpan<byte> octets)
    {
        int sum = 0;
        for (int i = 0; i < octets.Length; i++) sum += octets[i];
        return (byte)sum;
    }
}
