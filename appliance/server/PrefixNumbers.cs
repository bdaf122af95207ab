namespace Memcachier.Server;

/// <summary>What <see cref="PrefixStatistics"/> counted of a prefix.</summary>
public readonly struct PrefixNumbers
{
    public PrefixNumbers(long gets, long hits, long sets, long deletes)
    {
        Gets = gets;
        Hits = hits;
        Sets = sets;
        Deletes = deletes;
    }

    public long Gets { get; }

    public long Hits { get; }

    public long Sets { get; }

    public long Deletes { get; }
}
