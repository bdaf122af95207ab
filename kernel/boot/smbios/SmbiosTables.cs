using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot.Smbios;

/// <summary>
/// The structures in which firmware describes the machine (DMTF DSP0134, SMBIOS 3.7).
/// </summary>
public readonly struct SmbiosTables
{
    private const long SearchStart = 0xF_0000;
    private const long SearchEnd = 0x10_0000;
    private const int SearchStep = 16;

    // §5.2.1: the 32-bit entry point, 31 bytes; its second half has an anchor and a checksum of its own.
    private const int EntryLengthOffset = 5;
    private const int EntryLengthMin = 0x1F;
    private const int DmiAnchorOffset = 0x10;
    private const int DmiLength = 0x0F;
    private const int TableLengthOffset = 0x16;
    private const int TableAddressOffset = 0x18;

    // §5.2.2: the 64-bit entry point, 24 bytes.
    private const int Entry64LengthOffset = 6;
    private const int Entry64LengthMin = 0x18;
    private const int TableSizeMax64Offset = 0x0C;
    private const int TableAddress64Offset = 0x10;

    private const int EntryLengthMax = 0x40;
    private const int TableLengthMax = 1 << 20;
    private const byte EndOfTable = 127;            // §7.45

    private readonly Region _physical;
    private readonly long _address;
    private readonly int _length;

    private SmbiosTables(Region physical, long address, int length)
    {
        _physical = physical;
        _address = address;
        _length = length;
    }

    /// <summary>
    /// Looks for an entry point where the loader says, and else from 0xF0000 on (§5.2). The first one that leads to a table is
    /// the one.
    /// </summary>
    /// <param name="physical">Memory from address 0 on.</param>
    /// <param name="hint">The loader's address, which UEFI's tables have (§5.2.3); 0 for none.</param>
    public static bool TryFind(Region physical, ulong hint, out SmbiosTables tables)
    {
        tables = default;
        if (hint != 0 && hint <= (ulong)(physical.Length - EntryLengthMax))
        {
            ReadOnlySpan<byte> entry = physical.Slice((long)hint, EntryLengthMax);
            if (TryRead32(physical, entry, out tables) || TryRead64(physical, entry, out tables)) return true;
        }
        long last = Math.Min(SearchEnd, physical.Length) - EntryLengthMax;
        for (long address = SearchStart; address <= last; address += SearchStep)
        {
            ReadOnlySpan<byte> entry = physical.Slice(address, EntryLengthMax);
            if (!entry.StartsWith("_SM"u8)) continue;
            if (TryRead32(physical, entry, out tables) || TryRead64(physical, entry, out tables)) return true;
        }
        return false;
    }

    /// <summary>Finds the first structure of a type.</summary>
    public bool TryGet(byte type, out SmbiosStructure structure)
    {
        ReadOnlySpan<byte> rest = _physical.Slice(_address, _length);
        while (SmbiosStructure.TryTake(ref rest, out structure))
        {
            if (structure.Type == type) return true;
            if (structure.Type == EndOfTable) break;
        }
        structure = default;
        return false;
    }

    private static bool TryRead32(Region physical, ReadOnlySpan<byte> entry, out SmbiosTables tables)
    {
        tables = default;
        if (!entry.StartsWith("_SM_"u8)) return false;
        if (!IsIntact(entry, entry[EntryLengthOffset], EntryLengthMin)) return false;
        ReadOnlySpan<byte> dmi = entry.Slice(DmiAnchorOffset);
        if (!dmi.StartsWith("_DMI_"u8) || Sum(dmi.Slice(0, DmiLength)) != 0) return false;
        uint length = BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(TableLengthOffset));
        uint address = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(TableAddressOffset));
        return TryMake(physical, address, length, out tables);
    }

    private static bool TryRead64(Region physical, ReadOnlySpan<byte> entry, out SmbiosTables tables)
    {
        tables = default;
        if (!entry.StartsWith("_SM3_"u8)) return false;
        if (!IsIntact(entry, entry[Entry64LengthOffset], Entry64LengthMin)) return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(TableSizeMax64Offset));
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(entry.Slice(TableAddress64Offset));
        return TryMake(physical, address, length, out tables);
    }

    private static bool TryMake(Region physical, ulong address, uint length, out SmbiosTables tables)
    {
        tables = default;
        if (address == 0 || address >= (ulong)physical.Length) return false;
        // The 64-bit entry point has only the most that it may be.
        length = (uint)Math.Min(Math.Min(length, TableLengthMax), physical.Length - (long)address);
        tables = new SmbiosTables(physical, (long)address, (int)length);
        return true;
    }

    private static bool IsIntact(ReadOnlySpan<byte> entry, byte length, int lengthMin) =>
        length >= lengthMin && length <= EntryLengthMax && Sum(entry.Slice(0, length)) == 0;

    // §5.2: all bytes of an entry point add up to zero.
    private static byte Sum(ReadOnlySpan<byte> octets)
    {
        int sum = 0;
        for (int i = 0; i < octets.Length; i++) sum += octets[i];
        return (byte)sum;
    }
}
