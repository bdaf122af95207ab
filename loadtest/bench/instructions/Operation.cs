namespace Memcachier.Bench.Instructions;

/// <summary>What a request is.</summary>
public enum Operation
{
    /// <summary><c>get</c> of a key that is there.</summary>
    Get,

    /// <summary><c>set</c> of a key that is there, in a store that is full.</summary>
    Set,

    /// <summary><c>get</c> of a hundred keys that are there.</summary>
    MultiGet,
}
