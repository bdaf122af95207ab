using System;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>What a TCP has seen and done since boot.</summary>
public sealed class TcpCounters
{
    private readonly int[] _connections = new int[StateTransitions.StateCount];

    public long SegmentsIn { get; internal set; }

    public long SegmentsOut { get; internal set; }

    public long OctetsIn { get; internal set; }

    public long OctetsOut { get; internal set; }

    /// <summary>Handshakes that were completed, passive and active.</summary>
    public long ConnectionsOpened { get; internal set; }

    /// <summary>Connections dropped because the peer fell silent, or took nothing for too long.</summary>
    public long ConnectionsTimedOut { get; internal set; }

    /// <summary>How many of those kept their window closed while chunks were scarce.</summary>
    public long ClosedWindowsDropped { get; internal set; }

    /// <summary>Segments sent again, for whatever reason.</summary>
    public long Retransmissions { get; internal set; }

    /// <summary>Retransmissions that three duplicate acknowledgments or a partial one asked for.</summary>
    public long FastRetransmissions { get; internal set; }

    /// <summary>Expiries of a retransmission timer.</summary>
    public long RetransmissionTimeouts { get; internal set; }

    /// <summary>Zero-window probes sent.</summary>
    public long WindowProbes { get; internal set; }

    /// <summary>Keepalive probes sent.</summary>
    public long KeepaliveProbes { get; internal set; }

    public long ResetsSent { get; internal set; }

    public long ResetsReceived { get; internal set; }

    /// <summary>Challenge ACKs of RFC 5961 sent.</summary>
    public long ChallengeAcks { get; internal set; }

    /// <summary>Challenge ACKs not sent because the connection had its share.</summary>
    public long ChallengeAcksSuppressed { get; internal set; }

    /// <summary>Segments dropped: the checksum is wrong.</summary>
    public long ChecksumErrors { get; internal set; }

    /// <summary>Segments dropped: the header or an option is malformed.</summary>
    public long MalformedSegments { get; internal set; }

    /// <summary>Segments dropped: outside of the receive window.</summary>
    public long OutOfWindow { get; internal set; }

    /// <summary>Segments dropped: older than what was already received (RFC 7323 §5, PAWS), or without a timestamp.</summary>
    public long TimestampsRejected { get; internal set; }

    /// <summary>Segments dropped: they acknowledge what was never sent (RFC 5961 §5).</summary>
    public long AcksRejected { get; internal set; }

    /// <summary>Segments refused: no connection and no listener.</summary>
    public long SegmentsRefused { get; internal set; }

    /// <summary>SYNs dropped: every connection is in use.</summary>
    public long SynsDropped { get; internal set; }

    /// <summary>Half-open connections that made room for a newer SYN.</summary>
    public long SynReceivedEvictions { get; internal set; }

    /// <summary>Connections whose TIME-WAIT, or FIN-WAIT-2, was cut short for a newer connection.</summary>
    public long TimeWaitEvictions { get; internal set; }

    /// <summary>Segments that arrived out of order and were kept.</summary>
    public long OutOfOrderSegments { get; internal set; }

    /// <summary>How often text behind a gap was given up because the gap was not filled in time.</summary>
    public long GapsExpired { get; internal set; }

    /// <summary>Received bytes not kept because the chunk pool was exhausted, or because that many gaps are too many.</summary>
    public long OctetsNotKept { get; internal set; }

    /// <summary>Resets not sent because too many were waiting.</summary>
    public long RepliesDropped { get; internal set; }

    /// <summary>How many connections are in <paramref name="state"/> now. Listeners are not connections.</summary>
    public int Connections(TcpState state) => state == TcpState.Closed ? 0 : _connections[(int)state];

    /// <summary>How many connections there are, in whatever state.</summary>
    public int ConnectionCount
    {
        get
        {
            int sum = 0;
            ReadOnlySpan<int> connections = _connections;
            for (int state = (int)TcpState.Closed + 1; state < connections.Length; state++) sum += connections[state];
            return sum;
        }
    }

    internal void Moved(TcpState from, TcpState to)
    {
        _connections[(int)from]--;
        _connections[(int)to]++;
    }
}
