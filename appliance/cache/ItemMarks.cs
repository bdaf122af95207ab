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

    /// <summary>With Linked: it is being changed in its place, and nobody may believe what he sees of it.</summary>
    Changing = Reserved,

    /// <summary>It was read since it was stored: memcached's hit before, and what counts unread items.</summary>
    Fetched = 4,

    /// <summary>
    /// With Reserved, instead of Fetched: it is a set's, which takes the old item along if it fails for want of memory.
    /// </summary>
    Replacing = 4,

    /// <summary>Its value is out of date (meta invalidation); it is served until somebody stores another.</summary>
    Stale = 8,

    /// <summary>Some client was told to make a new value.</summary>
    Won = 16,

    /// <summary>What is known of the item apart from its credit.</summary>
    KnownMask = Fetched | Stale | Won,

    /// <summary>What it has earned, see <see cref="Credits"/>: 0 to 7, in three bits.</summary>
    CreditOne = 32,
    CreditMask = 224,
}
