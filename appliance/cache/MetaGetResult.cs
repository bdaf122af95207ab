namespace Memcachier.Cache;

/// <summary>What mg tells of an item beyond what the item itself shows.</summary>
public struct MetaGetResult
{
    /// <summary>W: the client has won, and is to store a new value.</summary>
    public bool HasWon { get; internal set; }

    /// <summary>Z: another client had won before.</summary>
    public bool IsWonByOther { get; internal set; }

    /// <summary>h: it had been read since it was stored, before this.</summary>
    public bool WasFetched { get; internal set; }

    /// <summary>l: seconds since it was stored or read, before this.</summary>
    public uint SecondsSinceAccess { get; internal set; }

    /// <summary>
    /// The second it was to expire at, before T; 0 never. <see cref="Item.Exptime"/> is the one after it.
    /// </summary>
    public uint ExptimeBefore { get; internal set; }

    /// <summary>It was missing, and has been made by N.</summary>
    public bool IsCreated { get; internal set; }
}
