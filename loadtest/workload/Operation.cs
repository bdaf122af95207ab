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

    /// <summary>incr by 1, of a counter.</summary>
    Incr,

    /// <summary>decr by 1, of a counter.</summary>
    Decr,

    /// <summary>gets of a counter, and cas with 1 more.</summary>
    Cas,

    /// <summary>get with the cas unique.</summary>
    Gets,
    Add,
    Replace,

    /// <summary>append of a byte, to a key that grows.</summary>
    Append,

    /// <summary>prepend of a byte, to a key that grows.</summary>
    Prepend,
}
