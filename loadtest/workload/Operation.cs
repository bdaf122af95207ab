namespace Memcachier.LoadTest.Workload;

/// <summary>What a request does.</summary>
public enum Operation : byte
{
    Get,

    /// <summary>A get of several keys in one request.</summary>
    Multiget,
    Set,
    Delete,
    Touch,

    /// <summary>get and touch.</summary>
    Gat,

    /// <summary>incr, of keys of its own.</summary>
    Incr,
}
