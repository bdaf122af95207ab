namespace Memcachier.Management.Metrics;

/// <summary>
/// What the management API's server has counted, copied by whoever answers when an answer begins: this room does not
/// know the server.
/// </summary>
public struct HttpFigures
{
    /// <summary>Answers by the first digit of their status.</summary>
    public long Answers2xx;
    public long Answers3xx;
    public long Answers4xx;
    public long Answers5xx;

    /// <summary>Connections there are now; there were since boot; were refused because there were too many.</summary>
    public long Connections;
    public long ConnectionsAccepted;
    public long ConnectionsRefused;

    /// <summary>Connections that were closed because the client took too long.</summary>
    public long Timeouts;

    /// <summary>Requests with a token that is not ours.</summary>
    public long TokensRefused;

    public long ReceivedBytes;
    public long SentBytes;
}
