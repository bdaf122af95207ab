using System;

namespace Memcachier.Cache;

/// <summary>
/// What is known of an item in a segment. One with neither Reserved nor Linked is dead: bytes to reclaim.
/// </summary>
[Flags]
internal enum ItemMarks : byte
{
    Dead = 0,

    /// <summary>Its value is being received; the index does not know it.</summary>
    Reserved = 1,

    /// <summary>The index knows it.</summary>
    Linked = 2,

    /// <summary>It was read since it was stored (the statistics of unread items want to know).</summary>
    Fetched = 4,

    /// <summary>It was read since it was stored or last spared by eviction: it has a second chance.</summary>
    Active = 8,

    /// <summary>With Reserved: it is a set's, which takes the old item along if it fails for want of memory.</summary>
    Replacing = 16,
}
