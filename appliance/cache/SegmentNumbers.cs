namespace Memcachier.Cache;

/// <summary>What is told of a segment of the store.</summary>
public readonly struct SegmentNumbers
{
    public SegmentState State { get; init; }

    /// <summary>It is, or was, filled with items that have proved themselves; else with new ones.</summary>
    public bool IsMain { get; init; }

    /// <summary>Bytes from its front that were filled.</summary>
    public int UsedBytes { get; init; }

    /// <summary>Bytes of the items that are still there, padding included.</summary>
    public int LiveBytes { get; init; }

    /// <summary>Those who keep it from being reused: answers and uploads under way.</summary>
    public int HoldCount { get; init; }

    /// <summary>Seconds since its first item came; 0 if it has none.</summary>
    public uint AgeSeconds { get; init; }
}
