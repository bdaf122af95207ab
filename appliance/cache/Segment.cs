namespace Memcachier.Cache;

/// <summary>What the log knows of one segment.</summary>
internal struct Segment
{
    /// <summary>
    /// Subtracted from the cas uniques of the items in it, so that 32 bits hold them; see <see cref="ItemHeader"/>.
    /// </summary>
    public ulong CasBase;

    /// <summary>
    /// Where the 16 bits begin to count that say when an item in it expires; 0 before the first of those.
    /// </summary>
    public uint ExptimeBase;

    /// <summary>Counts the openings of all segments: a lower one was opened earlier.</summary>
    public ulong Serial;

    /// <summary>The second in which it was opened.</summary>
    public uint OpenedAt;

    /// <summary>
    /// The second from which on no item in it is alive; <see cref="uint.MaxValue"/> if there is none.
    /// </summary>
    public uint ExpiresAt;

    /// <summary>Which use of the segment this is: leases carry it. Never 0.</summary>
    public uint Sequence;

    /// <summary>Bytes from the front that items take.</summary>
    public int Used;

    /// <summary>Bytes of linked items, padding included.</summary>
    public int LiveBytes;

    /// <summary>Items that begin below this offset were flushed.</summary>
    public int FlushedBelow;

    /// <summary>When it was drained: others may still read from it who have not seen this epoch.</summary>
    public ulong DrainedAt;

    /// <summary>Whether its owner has asked other reactors to give back their pins.</summary>
    public bool IsAskedBack;

    /// <summary>The owner's leases and reservations on it.</summary>
    public int HoldCount;

    public SegmentState State;

    /// <summary>The stream whose items it takes.</summary>
    public byte Stream;
}
