namespace Memcachier.Cache;

/// <summary>
/// The life of a segment: Free, Open, Sealed, perhaps Sparse, Evicting, and Free again; by way of Drained if somebody
/// still reads from it, straight to Free when nothing in it is linked any more.
/// </summary>
internal enum SegmentState : byte
{
    /// <summary>Empty.</summary>
    Free,

    /// <summary>The one segment that takes new items.</summary>
    Open,

    /// <summary>Full, and more than half of it is linked, or somebody still holds it.</summary>
    Sealed,

    /// <summary>
    /// No longer filled, and when nobody held it at most half of it was linked, because items ended or because the tail
    /// was too short for the next one: the first to be evicted, sparing what is alive.
    /// </summary>
    Sparse,

    /// <summary>Being walked from its first item to its last; what was passed is no longer linked.</summary>
    Evicting,

    /// <summary>No item in it is linked, but a lease still holds it.</summary>
    Drained,
}
