namespace Memcachier.Management.Http;

/// <summary>What an <see cref="HttpConnection{TSite}"/> is doing.</summary>
public enum HttpConnectionState : byte
{
    /// <summary>There is no connection.</summary>
    Closed,

    /// <summary>Not a byte of the next request is there.</summary>
    Idle,

    /// <summary>Some of a head is there.</summary>
    Head,

    /// <summary>A body is being received for the site.</summary>
    Body,

    /// <summary>An answer is being written.</summary>
    Answering,

    /// <summary>The answer is written; the rest of its request is received and thrown away.</summary>
    Draining,

    /// <summary>Nothing will be read or written any more.</summary>
    Closing,
}
