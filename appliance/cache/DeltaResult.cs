namespace Memcachier.Cache;

/// <summary>How incr, decr or ma ended.</summary>
public enum DeltaResult : byte
{
    Done,
    NotFound,

    /// <summary>The item has another cas unique.</summary>
    Exists,
    NonNumeric,
    OutOfMemory,

    /// <summary>There was none for an item that was missing.</summary>
    OutOfMemoryCreating,
}
