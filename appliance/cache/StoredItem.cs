namespace Memcachier.Cache;

/// <summary>What came of an upload, as ms tells it.</summary>
public struct StoredItem
{
    /// <summary>Its cas unique; 0 if it was not stored.</summary>
    public ulong Cas { get; internal set; }

    /// <summary>
    /// Bytes in the value: after append and prepend those of both; of the upload if it was not stored.
    /// </summary>
    public int ValueLength { get; internal set; }
}
