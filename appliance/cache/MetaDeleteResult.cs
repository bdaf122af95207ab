namespace Memcachier.Cache;

/// <summary>How md ended; the names are those of the classic replies.</summary>
public enum MetaDeleteResult : byte
{
    Deleted,
    NotFound,

    /// <summary>The item has another cas unique.</summary>
    Exists,
    OutOfMemory,
}
