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

    /// <summary>Of the key.</summary>
    internal ulong Hash;

    /// <summary>Bytes of the value that have arrived.</summary>
    internal int Filled;

    internal Reservation(uint location, uint sequence, ulong hash, int length)
    {
        Location = location;
        Sequence = sequence;
        Hash = hash;
        Length = length;
    }

    /// <summary>Bytes in the value.</summary>
    public int Length { get; }

    /// <summary>Bytes of the value that have not arrived.</summary>
    public readonly int Missing => Length - Filled;

    public readonly bool IsHeld => Sequence != 0;
}
