namespace Memcachier.LoadTest.Measure;

/// <summary>What was measured of one operation.</summary>
public sealed class OperationCounts
{
    /// <summary>From the intended start to the last byte of the answer.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Requests with an answer, whatever it was.</summary>
    public long Requests => Latency.Count;

    /// <summary>Keys that were there.</summary>
    public long Hits { get; set; }

    /// <summary>Keys that were not there.</summary>
    public long Misses { get; set; }

    /// <summary>
    /// Requests that stored nothing, since the key was there (add), was not (replace, append, prepend), or had changed
    /// (cas).
    /// </summary>
    public long NotStored { get; set; }

    /// <summary>Bytes of values that the server answered with.</summary>
    public long BytesRead { get; set; }

    /// <summary>Bytes of values that the server accepted.</summary>
    public long BytesWritten { get; set; }

    public double MissRatio => Hits + Misses == 0 ? 0 : (double)Misses / (Hits + Misses);

    public void Add(OperationCounts other)
    {
        Latency.Add(other.Latency);
        Hits += other.Hits;
        Misses += other.Misses;
        NotStored += other.NotStored;
        BytesRead += other.BytesRead;
        BytesWritten += other.BytesWritten;
    }
}
