namespace Memcachier.Cache;

/// <summary>What somebody finds who looks for a key.</summary>
public enum ItemStatus : byte
{
    NotFound,
    Found,

    /// <summary>There was one until a flush_all.</summary>
    Flushed,

    /// <summary>There was one, and its time is over.</summary>
    Expired,
}
