namespace Memcachier.LoadTest.Replay;

/// <summary>Hits and misses of one piece of the trace.</summary>
public sealed class IntervalCounts
{
    public long Hits { get; set; }

    public long Misses { get; set; }

    public long Requests => Hits + Misses;

    public double MissRatio => Requests == 0 ? 0 : (double)Misses / Requests;
}
