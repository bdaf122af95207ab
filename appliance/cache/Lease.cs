namespace Memcachier.Cache;

/// <summary>
/// The right to read a value while a slow client drains it. It keeps the segments of the item from being evicted as
/// long as others can be; when none can, leases are broken, and whoever holds one finds that out when reading.
/// </summary>
/// <remarks><c>default</c> holds nothing.</remarks>
public struct Lease
{
    /// <summary>The reuse of the item's segment that the lease belongs to; 0 in a lease that holds nothing.</summary>
    internal uint Sequence;

    internal uint Location;

    internal Lease(uint location, uint sequence, int length)
    {
        Location = location;
        Sequence = sequence;
        Length = length;
    }

    /// <summary>Bytes in the value.</summary>
    public int Length { get; }

    public readonly bool IsHeld => Sequence != 0;
}
