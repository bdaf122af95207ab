namespace Memcachier.Cache;

/// <summary>On what terms an upload is stored: the mode, and what ms can ask for beyond the storage commands.</summary>
public struct StoreTerms
{
    public StoreTerms(StoreMode mode) => Mode = mode;

    public StoreMode Mode { get; }

    /// <summary>
    /// The cas unique that the key's item must have: what <see cref="StoreMode.Cas"/> expects, and append and prepend
    /// too unless it is 0. add and set do not look at it.
    /// </summary>
    public ulong Cas { get; set; }

    /// <summary>ms E: the cas unique of what is stored, as the client wants it; 0 for the next one there is.</summary>
    public ulong NewCas { get; set; }

    /// <summary>
    /// ms I: with <see cref="StoreMode.Cas"/>, a cas unique that is lower than the item's stores as well, but what is
    /// stored is stale and lives as long as the item would have.
    /// </summary>
    public bool MayStoreStale { get; set; }

    /// <summary>
    /// ms: the key's old item goes in every mode, not only as a set's, if there is no place for the new one.
    /// </summary>
    public bool EndsOldOnFailure { get; set; }
}
