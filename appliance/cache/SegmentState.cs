namespace Memcachier.Cache;

/// <summary>
/// The life of a segment: Free, Open, Sealed, Evicting, and Free again; by way of Drained if somebody still reads from
/// it, straight from Sealed if nothing in it is linked any more.
/// </summary>
internal enum SegmentState : byte
{
    /// <summary>Empty.</summary>
    Free,

    /// <summary>The one segment that takes new items.</summary>
    Open,

    /// <summary>Full, in the queue of those to evict.</summary>
    Sealed,

    /// <summary>Being walked from its first item to its last; what was passed is no longer linked.</summary>
    Evicting,

    /// <summary>No item in it is linked, but a lease still holds it.</summary>
    Drained,
}
