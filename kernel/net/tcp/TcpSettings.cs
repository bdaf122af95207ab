namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The sizes and times of a TCP. All that it allocates follows from them, once.</summary>
public struct TcpSettings
{
    /// <summary>Values for a server on the open network.</summary>
    public static TcpSettings Default => new()
    {
        ConnectionCountMax = 1024,
        SynReceivedCountMax = 256,
        SendBufferSize = 256 * 1024,
        ReceiveBufferSize = 256 * 1024,
        Mtu = 1500,
        MinRtoMicros = 200_000,
        MaxRtoMicros = 60_000_000,
        DelayedAckMicros = 40_000,
        UserTimeoutMicros = 120_000_000,
        SynTimeoutMicros = 180_000_000,
        SynReceivedTimeoutMicros = 60_000_000,
        KeepaliveIdleMicros = 7_200_000_000,
        KeepaliveIntervalMicros = 75_000_000,
        KeepaliveCountMax = 9,
        FinWait2TimeoutMicros = 60_000_000,
        TimeWaitMicros = 60_000_000,
        UseTimestamps = true,
    };

    /// <summary>How many connections there are at once, those in SYN-RECEIVED and TIME-WAIT included.</summary>
    public int ConnectionCountMax { get; set; }

    /// <summary>How many of them may be in SYN-RECEIVED; one more evicts the oldest.</summary>
    public int SynReceivedCountMax { get; set; }

    /// <summary>The most bytes of a connection that are unsent or unacknowledged; a limit, not a reservation.</summary>
    public int SendBufferSize { get; set; }

    /// <summary>The most bytes of a connection that arrived and were not taken: the largest window.</summary>
    public int ReceiveBufferSize { get; set; }

    /// <summary>The largest IP packet in bytes.</summary>
    public int Mtu { get; set; }

    /// <summary>
    /// The least retransmission timeout. RFC 6298 (2.4) says one second, and that it may become less; 200 ms is what the
    /// peers of a server in a data centre use too.
    /// </summary>
    public long MinRtoMicros { get; set; }

    /// <summary>Where the exponential backoff ends; at least 60 seconds (RFC 6298, 2.5).</summary>
    public long MaxRtoMicros { get; set; }

    /// <summary>How long an acknowledgment may wait for a segment to ride on; below 500 ms (RFC 9293 §3.8.6.3).</summary>
    public long DelayedAckMicros { get; set; }

    /// <summary>R2 of RFC 9293 §3.8.3: how long sent bytes or window probes may go unanswered.</summary>
    public long UserTimeoutMicros { get; set; }

    /// <summary>R2 for the SYN of an active open: at least three minutes (RFC 9293 §3.8.3, MUST-23).</summary>
    public long SynTimeoutMicros { get; set; }

    /// <summary>How long a half-open connection waits for the end of its handshake.</summary>
    public long SynReceivedTimeoutMicros { get; set; }

    /// <summary>Silence after which the peer is probed, or zero for never (RFC 9293 §3.8.4).</summary>
    public long KeepaliveIdleMicros { get; set; }

    /// <summary>Time between two probes.</summary>
    public long KeepaliveIntervalMicros { get; set; }

    /// <summary>After how many unanswered probes the connection is dropped.</summary>
    public int KeepaliveCountMax { get; set; }

    /// <summary>How long a connection that we closed waits for a silent peer to close its side.</summary>
    public long FinWait2TimeoutMicros { get; set; }

    /// <summary>2 MSL: how long TIME-WAIT lasts.</summary>
    public long TimeWaitMicros { get; set; }

    /// <summary>Whether the timestamps option of RFC 7323 is used with peers that offer it.</summary>
    public bool UseTimestamps { get; set; }
}
