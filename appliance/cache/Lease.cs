namespace Memcachier.Cache;

/// <summary>
/// The right to read a value while a slow client drains it. It keeps the segment from being evicted as long as
/// another one can be; when none can, leases are broken, and whoever holds one finds that out when reading.
/// </summary>
/// <remarks><c>default</c> holds nothing.</remarks>
public struct Lease
{
    /// <summary>The reuse of the segment that the lease belongs to; 0 in a lease that holds nothing.</summary>
    internal uint Sequence;

    internal int Segment;

    internal long Offset;

    internal Lease(int segment, uint sequence, long offset, int length)
    {
        Segment = segment;
        Sequence = sequence;
        Offset = offset;
        Length = length;
    }

    /// <summary>Bytes in the value.</summary>
    public int Length { get; }

    public readonly bool IsHeld => Sequence != 0;
}
