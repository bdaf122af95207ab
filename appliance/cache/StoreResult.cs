namespace Memcachier.Cache;

/// <summary>How storing ended; the names are those of the replies.</summary>
public enum StoreResult : byte
{
    Stored,
    NotStored,
    Exists,
    NotFound,
    TooLarge,
    OutOfMemory,
}
