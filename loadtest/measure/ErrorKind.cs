namespace Memcachier.LoadTest.Measure;

/// <summary>What can be wrong with the answer to a request.</summary>
public enum ErrorKind : byte
{
    /// <summary>SERVER_ERROR.</summary>
    ServerError,

    /// <summary>CLIENT_ERROR or ERROR.</summary>
    ClientError,

    /// <summary>A value with other bytes than those that were stored.</summary>
    WrongValue,

    /// <summary>The beginning of the right value, or a reply that the end of the connection cut off.</summary>
    TruncatedReply,

    /// <summary>A reply that belongs to another request.</summary>
    SwappedReply,

    /// <summary>A counter is not what the updates make it that were acknowledged.</summary>
    LostUpdate,

    /// <summary>Bytes that are no reply.</summary>
    MalformedReply,

    /// <summary>The server took too long, or never answered.</summary>
    NoAnswer,

    /// <summary>The connection ended while the request was on its way.</summary>
    ConnectionLost,
}
