namespace Memcachier.Cache;

/// <summary>
/// The place of an item whose value is still arriving. Like a <see cref="Lease"/> it can be broken when nothing else
/// is left to evict.
/// </summary>
/// <remarks><c>default</c> holds nothing.</remarks>
public struct Reservation
{
    /// <summary>The reuse of the segment that the place belongs to; 0 if there is no reservation.</summary>
    internal uint Sequence;

    internal uint Location;

    /// <summary>Bytes of the data block that have arrived.</summary>
    internal int Filled;

    internal Reservation(uint location, uint sequence, int length)
    {
        Location = location;
        Sequence = sequence;
        Length = length;
    }

    /// <summary>Bytes in the data block: the value and what follows it, which must turn out to be CR LF.</summary>
    public int Length { get; }

    /// <summary>Bytes of the data block that have not arrived.</summary>
    public readonly int Missing => Length - Filled;

    public readonly bool IsHeld => Sequence != 0;
}
