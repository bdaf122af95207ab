using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>The firmware's memory map (ACPI 6.5 §15.1, INT 15h function E820h), a range at a call.</summary>
public static class E820Map
{
    /// <summary>Calls after which a list that does not end is left.</summary>
    public const int RangeCountMax = 128;

    private const byte SystemServices = 0x15;
    private const uint Function = 0xE820;
    private const uint Signature = 0x534D_4150;                         // "SMAP"
    private const int RangeLength = 20, ExtendedRangeLength = 24;
    private const int TypeOffset = 16, AttributesOffset = 20;
    private const uint AttributeEnabled = 1;

    /// <summary>Gives all ranges to the start info.</summary>
    /// <returns>False if the firmware has no map, or one that is too long.</returns>
    public static bool TryRead<TBios>(TBios bios, ref StartInfoBuilder info)
        where TBios : struct, IBios
    {
        Span<byte> range = bios.Memory.Slice(BiosMemory.Exchange, ExtendedRangeLength);
        uint continuation = 0;
        int count = 0;
        for (int call = 0; call < RangeCountMax; call++)
        {
            range.Clear();
            // Firmware that fills in no attributes, but says so, leaves this one.
            BinaryPrimitives.WriteUInt32LittleEndian(range.Slice(AttributesOffset), AttributeEnabled);
            var registers = new BiosRegisters
            {
                Eax = Function,
                Ebx = continuation,
                Ecx = ExtendedRangeLength,
                Edx = Signature,
                Es = BiosRegisters.SegmentOf(BiosMemory.Exchange),
                Edi = BiosRegisters.OffsetOf(BiosMemory.Exchange),
            };
            bios.Call(SystemServices, ref registers);
            // Some say by the carry flag that the range before was the last.
            if (registers.IsCarry || registers.Eax != Signature) break;
            if (!TryAdd(range, (int)registers.Ecx, ref info, ref count)) return false;
            continuation = registers.Ebx;
            if (continuation == 0) break;
        }
        return count > 0;
    }

    private static bool TryAdd(ReadOnlySpan<byte> range, int length, ref StartInfoBuilder info, ref int count)
    {
        if (length < RangeLength) return true;
        uint attributes = BinaryPrimitives.ReadUInt32LittleEndian(range.Slice(AttributesOffset));
        if (length >= ExtendedRangeLength && (attributes & AttributeEnabled) == 0) return true;
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(range);
        ulong size = Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(range.Slice(8)), ulong.MaxValue - start);
        uint type = BinaryPrimitives.ReadUInt32LittleEndian(range.Slice(TypeOffset));
        if (type is < (uint)MemoryType.Ram or > (uint)MemoryType.Persistent) type = (uint)MemoryType.Reserved;
        if (size == 0) return true;
        count++;
        return info.TryAddRange(start, size, (MemoryType)type);
    }
}
