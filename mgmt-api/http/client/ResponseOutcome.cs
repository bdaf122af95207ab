namespace Memcachier.Management.Http.Client;

/// <summary>How far a response is, or what became of it.</summary>
public enum ResponseOutcome : byte
{
    NeedMoreData,

    /// <summary>All of it has come; of a response without content that is wanted, its head.</summary>
    Done,

    /// <summary>It is not HTTP/1, or contradicts itself.</summary>
    Malformed,

    /// <summary>Its head or its content is longer than there is room for.</summary>
    TooLong,

    /// <summary>
    /// It says neither how long its content is nor that it comes in chunks. The end of the connection would be its end
    /// (RFC 9112 §6.3), but then nothing tells whether the half is missing.
    /// </summary>
    NoLength,

    /// <summary>The connection ended before it did.</summary>
    CutShort,
}
