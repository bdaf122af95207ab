namespace Memcachier.Cache;

/// <summary>What <see cref="HotKeys"/> knows of a key.</summary>
public readonly struct HotKeyNumbers
{
    public HotKeyNumbers(long count, long error, long hits)
    {
        Count = count;
        Error = error;
        Hits = hits;
    }

    /// <summary>How often it was looked up: so often at most, and at least so often less <see cref="Error"/>.</summary>
    public long Count { get; }

    /// <summary>By how much <see cref="Count"/> may be too high.</summary>
    public long Error { get; }

    /// <summary>How often it was found, since it is in the sketch.</summary>
    public long Hits { get; }
}
