using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading;

namespace Memcachier.Cache;

/// <summary>
/// One cache line of the index: ten slots of a 16-bit label and a 32-bit location each. A label is 12 bits of the hash
/// and how many lines the item lies behind its home, the line that its hash names.
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

    private readonly ref Octets _octets;

    public IndexLine(Span<byte> octets) => _octets = ref MemoryMarshal.AsRef<Octets>(octets);

    // Of a length that the compiler knows, so that it knows most offsets to be good.
    private Span<byte> Span => MemoryMarshal.AsBytes(new Span<Octets>(ref _octets));

    // The vector reaches into the locations: what it says of more than ten slots means nothing.
    private Vector256<ushort> Labels
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.LoadUnsafe(
            ref MemoryMarshal.AsRef<ushort>(Span.Slice(LabelsOffset, Size - LabelsOffset)));
    }

    private Vector256<ushort> Distances => Labels & Vector256.Create((ushort)DistanceMax);

    /// <summary>The largest distance of the items at home in this line.</summary>
    public ref byte Reach => ref Span[0];

    public static ushort LabelOf(ulong hash, int distance) => (ushort)((hash & 0xFFF0) | (uint)distance);

    public static int DistanceOf(ushort label) => label & DistanceMax;

    public static ushort WithDistance(ushort label, int distance) => (ushort)((label & ~DistanceMax) | distance);

    /// <summary>
    /// The slots with this label, a bit at twice the slot's number for each; free ones may be among them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Matches(ushort label) => Matches(Labels, label);

    /// <summary>Takes the first of the matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TakeSlot(ref uint matches)
    {
        int slot = BitOperations.TrailingZeroCount(matches) / LabelSize;
        matches &= matches - 1;
        return slot;
    }

    public ref uint Location(int slot) =>
        ref MemoryMarshal.AsRef<uint>(Span.Slice(LocationsOffset + (slot * LocationSize), LocationSize));

    public ref ushort Label(int slot) =>
        ref MemoryMarshal.AsRef<ushort>(Span.Slice(LabelsOffset + (slot * LabelSize), LabelSize));

    public void Set(int slot, ushort label, uint location)
    {
        Label(slot) = label;
        SetLocation(slot, location);
    }

    /// <summary>From here on others may find the item, and must find it complete.</summary>
    public void SetLocation(int slot, uint location)
    {
        Shared.Step();
        Volatile.Write(ref Location(slot), location);
    }

    /// <summary>
    /// The slot with this location: that of an item, or <see cref="SegmentLog.NoLocation"/>. -1 if there is none.
    /// </summary>
    public int SlotOf(uint location)
    {
        // Slots 0 to 7, then 2 to 9.
        const int SecondSlot = SlotCount - 8;
        ref uint locations = ref MemoryMarshal.AsRef<uint>(Span.Slice(LocationsOffset, SlotCount * LocationSize));
        Vector256<uint> wanted = Vector256.Create(location);
        Vector256<uint> first = Vector256.Equals(Vector256.LoadUnsafe(ref locations), wanted);
        Vector256<uint> second = Vector256.Equals(Vector256.LoadUnsafe(ref locations, SecondSlot), wanted);
        uint matches = first.ExtractMostSignificantBits() | (second.ExtractMostSignificantBits() << SecondSlot);
        return matches == 0 ? -1 : BitOperations.TrailingZeroCount(matches);
    }

    /// <summary>Of a full line, the slot of the item that is nearest to its home.</summary>
    public int NearestSlot()
    {
        Vector256<ushort> distances = Distances;
        uint matches = 0;
        for (int distance = 0; matches == 0; distance++) matches = Matches(distances, (ushort)distance);
        return TakeSlot(ref matches);
    }

    /// <summary>The slot of the item that is furthest from its home; -1 if all are at home.</summary>
    public int FurthestSlot()
    {
        int furthest = -1;
        int distanceMax = 0;
        uint away = ~Matches(Distances, 0) & SlotsMask & OneBitPerSlot;
        while (away != 0)
        {
            int slot = TakeSlot(ref away);
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
        uint matches = Matches(Distances, (ushort)distance);
        while (matches != 0)
        {
            if (Location(TakeSlot(ref matches)) != SegmentLog.NoLocation) return true;
        }
        return false;
    }

    private static uint Matches(Vector256<ushort> labels, ushort label)
    {
        Vector256<ushort> equal = Vector256.Equals(labels, Vector256.Create(label));
        return Vector256.As<ushort, byte>(equal).ExtractMostSignificantBits() & SlotsMask & OneBitPerSlot;
    }

    [StructLayout(LayoutKind.Explicit, Size = Size)]
    private struct Octets
    {
    }
}
