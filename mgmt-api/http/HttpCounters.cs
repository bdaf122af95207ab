namespace Memcachier.Management.Http;

/// <summary>What happened since boot, for metrics.</summary>
public sealed class HttpCounters
{
    /// <summary>Connections that got a place.</summary>
    public long Connections { get; internal set; }

    /// <summary>Connections that were answered 503 because all places were busy.</summary>
    public long ConnectionsRefused { get; internal set; }

    /// <summary>Connections closed to give their place or their buffer to another one.</summary>
    public long ConnectionsEvicted { get; internal set; }

    /// <summary>Connections that asked nothing for too long.</summary>
    public long IdleTimeouts { get; internal set; }

    /// <summary>Requests that did not arrive in time.</summary>
    public long RequestTimeouts { get; internal set; }

    /// <summary>Answers that the client did not take in time.</summary>
    public long AnswerTimeouts { get; internal set; }

    /// <summary>Requests that a site was asked.</summary>
    public long Requests { get; internal set; }

    /// <summary>Requests that no site was asked, or not to the end, for they were malformed.</summary>
    public long RequestsRefused { get; internal set; }

    /// <summary>Answers that ended before they were complete: the client was gone, or the site had no more.</summary>
    public long AnswersCut { get; internal set; }

    /// <summary>Answers with a status of 200 to 299.</summary>
    public long Status2xx { get; internal set; }

    /// <summary>Answers with a status of 300 to 399.</summary>
    public long Status3xx { get; internal set; }

    /// <summary>Answers with a status of 400 to 499.</summary>
    public long Status4xx { get; internal set; }

    /// <summary>Answers with a status of 500 to 599.</summary>
    public long Status5xx { get; internal set; }

    /// <summary>Bytes taken from clients.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Bytes given to the connections' outputs.</summary>
    public long BytesSent { get; internal set; }

    internal void CountStatus(int status)
    {
        switch (status / 100)
        {
            case 2:
                Status2xx++;
                break;
            case 3:
                Status3xx++;
                break;
            case 4:
                Status4xx++;
                break;
            case 5:
                Status5xx++;
                break;
            default:
                break;
        }
    }
}
