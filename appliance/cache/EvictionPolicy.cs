namespace Memcachier.Cache;

/// <summary>Which items go when memory is used up.</summary>
public enum EvictionPolicy : byte
{
    /// <summary>
    /// New items queue in a small queue; those that are read there move on to the main one, the others leave early
    /// (S3-FIFO: Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023).
    /// </summary>
    S3Fifo,

    /// <summary>One queue; whatever was read since it was last looked at goes back to its end.</summary>
    Lru,
}
