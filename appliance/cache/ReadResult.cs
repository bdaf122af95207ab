namespace Memcachier.Cache;

/// <summary>What a reactor sees of a key in another's store.</summary>
public enum ReadResult : byte
{
    Found,
    Missing,

    /// <summary>Only the owner can answer: the item is stale, or is being changed again and again.</summary>
    Undecided,
}
