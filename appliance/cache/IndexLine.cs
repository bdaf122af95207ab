using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Memcachier.Cache;

/// <summary>
/// One cache line of the index: ten slots of a 16-bit label and a 32-bit location each. A label is 12 bits of the hash and
/// how many lines the item lies behind its home, the line that its hash names.
/// </summary>
/// <remarks>
/// <code>
///  0        1         4                                  24                       64
///  [ reach ][ unused ][ hash:12 | distance:4 ] x 10     [ location:32 ] x 10
/// </code>
/// A slot whose location is <see cref="SegmentLog.NoLocation"/> is free, whatever its label.
/// </remarks>
internal readonly ref struct IndexLine
{
    public const int Size = 64;

    public const int SlotCount = 10;

    /// <summary>How far from its home an item may lie, in lines.</summary>
    public const int DistanceMax = 15;

    private const int LabelsOffset = 4;
    private const int LabelSize = sizeof(ushort);
    private const int LocationsOffset = LabelsOffset + (SlotCount * LabelSize);
    private const int LocationSize = sizeof(uint);
    private const uint SlotsMask = (1u << (SlotCount * LabelSize)) - 1;
    private const uint OneBitPerSlot = 0x5555_5555;

    private readonly Span<byte> _octets;

    public IndexLine(Span<byte> octets) => _octets = octets;

    /// <summary>The largest distance of the items at home in this line.</summary>
    public ref byte Reach => ref _octets[0];

    public static ushort LabelOf(ulong hash, int distance) => (ushort)((hash & 0xFFF0) | (uint)distance);

    public static int DistanceOf(ushort label) => label & DistanceMax;

    public static ushort WithDistance(ushort label, int distance) => (ushort)((label & ~DistanceMax) | distance);

    /// <summary>The slots with this label, a bit at twice the slot's number for each; free ones may be among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Matches(ushort label)
    {
        // The vector reaches into the locations; those bits are masked away.
        ref ushort labels = ref MemoryMarshal.AsRef<ushort>(_octets.Slice(LabelsOffset, Size - LabelsOffset));
        Vector256<ushort> equal = Vector256.Equals(Vector256.LoadUnsafe(ref labels), Vector256.Create(label));
        return Vector256.As<ushort, byte>(equal).ExtractMostSignificantBits() & SlotsMask & OneBitPerSlot;
    }

    /// <summary>Takes the first of the matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TakeSlot(ref uint matches)
    {
        int slot = BitOperations.TrailingZeroCount(matches) / LabelSize;
        matches &= matches - 1;
        return slot;
    }

    public ref uint Location(int slot) =>
        ref MemoryMarshal.AsRef<uint>(_octets.Slice(LocationsOffset + (slot * LocationSize), LocationSize));

    public ref ushort Label(int slot) =>
        ref MemoryMarshal.AsRef<ushort>(_octets.Slice(LabelsOffset + (slot * LabelSize), LabelSize));

    public void Set(int slot, ushort label, uint location)
    {
        Label(slot) = label;
        Location(slot) = location;
    }

    /// <summary>The slot with this location: that of an item, or <see cref="SegmentLog.NoLocation"/>. -1 if there is none.</summary>
    public int SlotOf(uint location)
    {
        Span<uint> locations = MemoryMarshal.Cast<byte, uint>(_octets.Slice(LocationsOffset, SlotCount * LocationSize));
        for (int slot = 0; slot < locations.Length; slot++)
        {
            if (locations[slot] == location) return slot;
        }
        return -1;
    }

    /// <summary>Of a full line, the slot of the item that is nearest to its home.</summary>
    public int NearestSlot()
    {
        int nearest = 0;
        for (int slot = 1; slot < SlotCount; slot++)
        {
            if (DistanceOf(Label(slot)) < DistanceOf(Label(nearest))) nearest = slot;
        }
        return nearest;
    }

    /// <summary>The slot of the item that is furthest from its home; -1 if all are at home.</summary>
    public int FurthestSlot()
    {
        int furthest = -1;
        int distanceMax = 0;
        for (int slot = 0; slot < SlotCount; slot++)
        {
            int distance = DistanceOf(Label(slot));
            if (distance <= distanceMax || Location(slot) == SegmentLog.NoLocation) continue;
            furthest = slot;
            distanceMax = distance;
        }
        return furthest;
    }

    /// <summary>Whether an item of this distance is here.</summary>
    public bool HasDistance(int distance)
    {
        for (int slot = 0; slot < SlotCount; slot++)
        {
            if (DistanceOf(Label(slot)) == distance && Location(slot) != SegmentLog.NoLocation) return true;
        }
        return false;
    }
}
