namespace Memcachier.Management.Resources;

/// <summary>Whether the cache still takes clients.</summary>
public enum DrainState : byte
{
    /// <summary>It does.</summary>
    Serving,

    /// <summary>No more come, and those that are there may finish.</summary>
    Draining,

    /// <summary>Nobody is there any more.</summary>
    Drained,
}
