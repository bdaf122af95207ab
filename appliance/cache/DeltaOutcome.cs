namespace Memcachier.Cache;

/// <summary>What ma tells of the item.</summary>
public struct DeltaOutcome
{
    /// <summary>The number it has now.</summary>
    public ulong Value { get; internal set; }

    public ulong Cas { get; internal set; }

    /// <summary>The second it was to expire at, before T; 0 never.</summary>
    public uint ExptimeBefore { get; internal set; }

    /// <summary>The second it expires at now.</summary>
    public uint Exptime { get; internal set; }

    /// <summary>It was missing, and has been made by N.</summary>
    public bool IsCreated { get; internal set; }
}
