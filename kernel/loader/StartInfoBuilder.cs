using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Loader;

/// <summary>
/// Writes what the kernel is told (Xen's x86/HVM direct boot ABI, struct hvm_start_info, version 1): first the structure,
/// behind it a module and the command line, then the memory map, which grows until <see cref="Finish"/>.
/// </summary>
public ref struct StartInfoBuilder
{
    /// <summary>The most ranges: more than firmware has, and fewer than the kernel would refuse.</summary>
    public const int RangeCountMax = 1024;

    /// <summary>Room that is enough for anything, in bytes.</summary>
    public const int RoomLength = MapOffset + (RangeCountMax * RangeLength);

    private const uint Magic = 0x336E_C578;
    private const uint Version = 1;
    private const int ModuleOffset = 64, ModuleNameOffset = ModuleOffset + 32;
    private const int CommandLineOffset = 128;
    private const int MapOffset = CommandLineOffset + CommandLineFile.LineLengthMax + 1;
    private const int RangeLength = 24;
    private const ulong SmbiosEntryLength = 32;

    private readonly Span<byte> _room;
    private readonly ulong _address;
    private int _rangeCount;

    /// <param name="room">Where it is written, <see cref="RoomLength"/> bytes.</param>
    /// <param name="address">The room's physical address, below 4 GiB.</param>
    public StartInfoBuilder(Span<byte> room, ulong address)
    {
        _room = room.Slice(0, RoomLength);
        _room.Clear();
        _address = address;
    }

    /// <summary>
    /// Where the command line is written; the zero that ends it is behind it whatever is written.
    /// </summary>
    public readonly Span<byte> CommandLine => _room.Slice(CommandLineOffset, CommandLineFile.LineLengthMax);

    /// <summary>Takes back all ranges.</summary>
    public void ClearRanges() => _rangeCount = 0;

    /// <summary>
    /// Adds a range of the memory map; one that goes on where the one before ended, and is of the same type, is joined with it.
    /// </summary>
    /// <returns>False if there are too many.</returns>
    public bool TryAddRange(ulong start, ulong length, MemoryType type)
    {
        if (length == 0) return true;
        if (_rangeCount > 0)
        {
            Span<byte> last = Range(_rangeCount - 1);
            ulong lastStart = BinaryPrimitives.ReadUInt64LittleEndian(last);
            ulong lastLength = BinaryPrimitives.ReadUInt64LittleEndian(last.Slice(8));
            bool isNext = lastStart + lastLength == start && length <= ulong.MaxValue - lastLength
                && BinaryPrimitives.ReadUInt32LittleEndian(last.Slice(16)) == (uint)type;
            if (isNext)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(last.Slice(8), lastLength + length);
                return true;
            }
        }
        if (_rangeCount == RangeCountMax) return false;
        Span<byte> range = Range(_rangeCount++);
        BinaryPrimitives.WriteUInt64LittleEndian(range, start);
        BinaryPrimitives.WriteUInt64LittleEndian(range.Slice(8), length);
        BinaryPrimitives.WriteUInt64LittleEndian(range.Slice(16), (uint)type);
        return true;
    }

    /// <summary>
    /// Whether all of a part of memory is RAM in the map that was added, however many ranges it takes, and no other range
    /// covers any of it.
    /// </summary>
    public readonly bool IsRam(ulong start, ulong end)
    {
        ulong known = start;
        for (int round = 0; round <= _rangeCount && known < end; round++)
        {
            ulong before = known;
            for (int i = 0; i < _rangeCount; i++)
            {
                ReadOnlySpan<byte> range = Range(i);
                ulong rangeStart = BinaryPrimitives.ReadUInt64LittleEndian(range);
                ulong rangeEnd = EndOf(range);
                if (BinaryPrimitives.ReadUInt32LittleEndian(range.Slice(16)) == (uint)MemoryType.Ram)
                {
                    if (rangeStart <= known && rangeEnd > known) known = rangeEnd;
                }
                else if (rangeStart < end && rangeEnd > start)
                {
                    return false;
                }
            }
            if (known == before) return false;
        }
        return known >= end;
    }

    /// <summary>Writes the structure. Nothing is added afterwards.</summary>
    /// <param name="rsdp">Physical address of the ACPI root pointer; 0 if there is none.</param>
    /// <param name="smbios">
    /// Physical address of SMBIOS's entry point, given as a module whose command line is "smbios"; 0 if there is none.
    /// </param>
    public readonly void Finish(ulong rsdp, ulong smbios)
    {
        if (smbios != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_room.Slice(12), 1);
            BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(16), _address + ModuleOffset);
            BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(ModuleOffset), smbios);
            BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(ModuleOffset + 8), SmbiosEntryLength);
            BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(ModuleOffset + 16), _address + ModuleNameOffset);
            "smbios\0"u8.CopyTo(_room.Slice(ModuleNameOffset));
        }
        BinaryPrimitives.WriteUInt32LittleEndian(_room, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(_room.Slice(4), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(24), _address + CommandLineOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(32), rsdp);
        BinaryPrimitives.WriteUInt64LittleEndian(_room.Slice(40), _address + MapOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(_room.Slice(48), (uint)_rangeCount);
    }

    private static ulong EndOf(ReadOnlySpan<byte> range)
    {
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(range);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(range.Slice(8));
        return length > ulong.MaxValue - start ? ulong.MaxValue : start + length;
    }

    private readonly Span<byte> Range(int index) => _room.Slice(MapOffset + (index * RangeLength), RangeLength);
}
