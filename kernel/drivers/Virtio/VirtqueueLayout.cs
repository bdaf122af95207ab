using System.Numerics;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Where the three parts of a split virtqueue of a given size lie, relative to its start (virtio 1.2 §2.7). Each part
/// starts a cache line, so that what the driver writes and what the device writes never share one.
/// </summary>
/// <remarks>
/// <code>
///   descriptor table   [ addr:64 ][ len:32 ][ flags:16 ][ next:16 ]          x size    driver writes, alignment 16
///   available ring     [ flags:16 ][ idx:16 ][ head:16 ] x size [ used_event:16 ]      driver writes, alignment 2
///   used ring          [ flags:16 ][ idx:16 ][ id:32 ][ len:32 ] x size [ avail_event:16 ]
///                                                                                      device writes, alignment 4
/// </code>
/// </remarks>
public readonly struct VirtqueueLayout
{
    /// <summary>The alignment that the whole needs.</summary>
    public const int Alignment = 64;

    /// <summary>§2.7: the queue size is a power of two, at most 32768.</summary>
    public const int SizeMax = 32768;

    internal const int DescriptorSize = 16;
    internal const int DescriptorLength = 8, DescriptorFlags = 12, DescriptorNext = 14;
    internal const ushort DescriptorFlagNext = 1, DescriptorFlagWrite = 2;

    internal const int RingFlags = 0, RingIdx = 2, RingEntries = 4;
    internal const int AvailEntrySize = 2, UsedEntrySize = 8, UsedEntryLength = 4;
    private const int EventSize = 2;

    internal const ushort AvailNoInterrupt = 1;
    internal const ushort UsedNoNotify = 1;

    public VirtqueueLayout(ushort size)
    {
        Invariant.Holds(size <= SizeMax);
        Invariant.Holds(BitOperations.IsPow2((uint)size));
        Size = size;
    }

    /// <summary>Number of descriptors.</summary>
    public ushort Size { get; }

    public int Descriptors => 0;

    public int AvailRing => Align(Size * DescriptorSize);

    public int UsedRing => Align(AvailRing + UsedEvent + EventSize);

    /// <summary>Size of the whole in bytes, a multiple of the alignment.</summary>
    public int Length => Align(UsedRing + AvailEvent + EventSize);

    /// <summary>Offset of the driver's event field in the available ring.</summary>
    internal int UsedEvent => RingEntries + (Size * AvailEntrySize);

    /// <summary>Offset of the device's event field in the used ring.</summary>
    internal int AvailEvent => RingEntries + (Size * UsedEntrySize);

    private static int Align(int length) => (length + Alignment - 1) & ~(Alignment - 1);
}
