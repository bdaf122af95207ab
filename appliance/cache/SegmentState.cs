namespace Memcachier.Cache;

/// <summary>
/// The life of a segment: Free, Open, Sealed, perhaps Sparse, Evicting, and Free again; by way of Drained if somebody
/// may still read from it, straight to Free when nothing in it is linked any more. Some are part of the index for a
/// while.
/// </summary>
public enum SegmentState : byte
{
    /// <summary>Empty.</summary>
    Free,

    /// <summary>One of those that take new items, see <see cref="Streams"/>.</summary>
    Open,

    /// <summary>Full, and more than half of it is linked, or somebody still holds it.</summary>
    Sealed,

    /// <summary>
    /// No longer filled, and when nobody held it at most half of it was linked, because items ended or because the tail
    /// was too short for the next one; or all of it has expired or was flushed. The first to be evicted, sparing what
    /// is alive.
    /// </summary>
    Sparse,

    /// <summary>Being walked from its first item to its last; what was passed is no longer linked.</summary>
    Evicting,

    /// <summary>
    /// No item in it is linked, but a lease or a pin still holds it, or some other reactor has not passed a quiescent
    /// point since.
    /// </summary>
    Drained,

    /// <summary>Part of the index.</summary>
    Index,

    /// <summary>Empty, and not to be used: cache_memlimit says so.</summary>
    Withheld,
}
