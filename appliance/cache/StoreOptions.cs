using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>How a <see cref="Store"/> is cut out of its memory.</summary>
public struct StoreOptions
{
    public const int SegmentSizeMax = 1 << 20;
    public const int SegmentSizeMin = 64 << 10;

    /// <summary>The largest that can be asked for.</summary>
    public const int SegmentSizeLimit = 8 << 20;

    private const int SegmentCountWanted = 512;

    // A few are never used: with fewer than this, that would be much of the memory.
    private const int SegmentCountLeast = 64;

    /// <param name="secret">For the hash of the keys: unpredictable where strangers choose them.</param>
    public StoreOptions(ulong secret)
        : this(secret, SegmentSizeMax, itemSizeMax: 1 << 20)
    {
    }

    /// <param name="secret">For the hash of the keys: unpredictable where strangers choose them.</param>
    /// <param name="segmentSize">A power of two. A segment is filled, evicted and reused as a whole.</param>
    /// <param name="itemSizeMax">memcached's -I in bytes: the largest item by memcached's own count.</param>
    public StoreOptions(ulong secret, int segmentSize, int itemSizeMax)
    {
        Secret = secret;
        SegmentSize = segmentSize;
        ItemSizeMax = itemSizeMax;
        ItemSizeExpected = 1024;
        Policy = EvictionPolicy.S3Fifo;
    }

    /// <summary>
    /// The segment size for a store of this many bytes: at least 512 of them, since a few are never used, but no larger
    /// ones than 1 MiB and no smaller ones than 64 KiB.
    /// </summary>
    public static int SegmentSizeFor(long memoryLength)
    {
        int size = SegmentSizeMax;
        while (size > SegmentSizeMin && memoryLength / size < SegmentCountWanted) size /= 2;
        return size;
    }

    /// <summary>The segment size that was asked for, or less if fewer than 64 of them would fit.</summary>
    /// <param name="wanted">A power of two from <see cref="SegmentSizeMin"/> to <see cref="SegmentSizeLimit"/>.</param>
    public static int SegmentSizeFor(long memoryLength, int wanted)
    {
        int size = wanted;
        while (size > SegmentSizeMin && memoryLength / size < SegmentCountLeast) size /= 2;
        return size;
    }

    /// <summary>Bytes that a store keeps per segment outside of its memory.</summary>
    public static int SegmentBookkeeping => Unsafe.SizeOf<Segment>() + (2 * sizeof(int));

    public ulong Secret { get; }

    public int SegmentSize { get; }

    public int ItemSizeMax { get; }

    /// <summary>Bytes per item that the index is made for at first; it follows the truth from there.</summary>
    public int ItemSizeExpected { get; set; }

    public EvictionPolicy Policy { get; set; }

    /// <summary>Whether it counts its items by size.</summary>
    public bool TracksSizes { get; set; }

    /// <summary>memcached's -C: items have no cas uniques.</summary>
    public bool IsWithoutCas { get; set; }

    /// <summary>Where it tells what it evicts, if anywhere.</summary>
    public EventLog? Events { get; set; }

    /// <summary>The reactors that read the store; by default its owner is alone.</summary>
    public Quiescence? Reactors { get; set; }

    /// <summary>Which of the reactors owns the store, and is the only one to call it.</summary>
    public int Owner { get; set; }
}
