using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Management.Metrics;

/// <summary>What TCP counts.</summary>
public sealed partial class MetricsPage
{
    /// <summary>All of it.</summary>
    private bool TryWriteTcp(int index, ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        return index switch
        {
            0 => TcpConnections(ref w),
            1 => TcpSegments(ref w),
            2 => TcpBytes(ref w),
            3 => w.Counter(
                "memcachier_tcp_connections_opened_total"u8,
                "Handshakes that were completed."u8, tcp.ConnectionsOpened),
            4 => w.Counter(
                "memcachier_tcp_connections_timed_out_total"u8,
                "Connections dropped because the peer fell silent or took nothing."u8, tcp.ConnectionsTimedOut),
            5 => w.Counter(
                "memcachier_tcp_closed_windows_dropped_total"u8,
                "Of those, the ones that took nothing while chunks were scarce."u8, tcp.ClosedWindowsDropped),
            6 => w.Counter("memcachier_tcp_retransmissions_total"u8, "Segments sent again."u8, tcp.Retransmissions),
            7 => w.Counter(
                "memcachier_tcp_fast_retransmissions_total"u8,
                "Segments sent again because the peer missed them."u8, tcp.FastRetransmissions),
            8 => w.Counter(
                "memcachier_tcp_retransmission_timeouts_total"u8,
                "How often nothing was acknowledged in time."u8, tcp.RetransmissionTimeouts),
            9 => TcpProbes(ref w),
            10 => TcpResets(ref w),
            11 => TcpChallenges(ref w),
            12 => TcpDropped(ref w),
            13 => w.Counter(
                "memcachier_tcp_syns_dropped_total"u8,
                "Connections not begun because all are in use."u8, tcp.SynsDropped),
            14 => TcpEvicted(ref w),
            15 => w.Counter(
                "memcachier_tcp_out_of_order_segments_total"u8,
                "Segments that came out of order and were kept."u8, tcp.OutOfOrderSegments),
            16 => w.Counter(
                "memcachier_tcp_gaps_expired_total"u8, "How often text behind a gap was given up."u8, tcp.GapsExpired),
            17 => w.Counter(
                "memcachier_tcp_bytes_not_kept_total"u8,
                "Received bytes for which there was no room."u8, tcp.OctetsNotKept),
            18 => w.Counter(
                "memcachier_tcp_replies_dropped_total"u8,
                "Resets not sent because too many were waiting."u8, tcp.RepliesDropped),
            _ => false,
        };
    }

    private bool TcpConnections(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(MetricType.Gauge, "memcachier_tcp_connections"u8, "Connections by state (RFC 9293 §3.3.2)."u8);
        w.Sample("state=\"syn_sent\""u8, tcp.Connections(TcpState.SynSent));
        w.Sample("state=\"syn_received\""u8, tcp.Connections(TcpState.SynReceived));
        w.Sample("state=\"established\""u8, tcp.Connections(TcpState.Established));
        w.Sample("state=\"fin_wait_1\""u8, tcp.Connections(TcpState.FinWait1));
        w.Sample("state=\"fin_wait_2\""u8, tcp.Connections(TcpState.FinWait2));
        w.Sample("state=\"close_wait\""u8, tcp.Connections(TcpState.CloseWait));
        w.Sample("state=\"closing\""u8, tcp.Connections(TcpState.Closing));
        w.Sample("state=\"last_ack\""u8, tcp.Connections(TcpState.LastAck));
        w.Sample("state=\"time_wait\""u8, tcp.Connections(TcpState.TimeWait));
        return true;
    }

    private bool TcpSegments(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(MetricType.Counter, "memcachier_tcp_segments_total"u8, "Segments."u8);
        w.Sample("direction=\"received\""u8, tcp.SegmentsIn);
        w.Sample("direction=\"sent\""u8, tcp.SegmentsOut);
        return true;
    }

    private bool TcpBytes(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(MetricType.Counter, "memcachier_tcp_bytes_total"u8, "Bytes of text, those sent again too."u8);
        w.Sample("direction=\"received\""u8, tcp.OctetsIn);
        w.Sample("direction=\"sent\""u8, tcp.OctetsOut);
        return true;
    }

    private bool TcpProbes(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(
            MetricType.Counter, "memcachier_tcp_probes_total"u8,
            "Probes sent, of closed windows and of silent peers."u8);
        w.Sample("kind=\"window\""u8, tcp.WindowProbes);
        w.Sample("kind=\"keepalive\""u8, tcp.KeepaliveProbes);
        return true;
    }

    private bool TcpResets(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(MetricType.Counter, "memcachier_tcp_resets_total"u8, "Resets."u8);
        w.Sample("direction=\"received\""u8, tcp.ResetsReceived);
        w.Sample("direction=\"sent\""u8, tcp.ResetsSent);
        return true;
    }

    private bool TcpChallenges(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(
            MetricType.Counter, "memcachier_tcp_challenge_acks_total"u8,
            "Challenge ACKs of RFC 5961, by whether they were sent."u8);
        w.Sample("fate=\"sent\""u8, tcp.ChallengeAcks);
        w.Sample("fate=\"suppressed\""u8, tcp.ChallengeAcksSuppressed);
        return true;
    }

    private bool TcpDropped(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(MetricType.Counter, "memcachier_tcp_segments_dropped_total"u8, "Segments dropped, by why."u8);
        w.Sample("reason=\"bad_checksum\""u8, tcp.ChecksumErrors);
        w.Sample("reason=\"malformed\""u8, tcp.MalformedSegments);
        w.Sample("reason=\"out_of_window\""u8, tcp.OutOfWindow);
        w.Sample("reason=\"timestamp\""u8, tcp.TimestampsRejected);
        w.Sample("reason=\"ack\""u8, tcp.AcksRejected);
        w.Sample("reason=\"no_connection\""u8, tcp.SegmentsRefused);
        return true;
    }

    private bool TcpEvicted(ref MetricsWriter w)
    {
        TcpCounters tcp = _sources.Tcp;
        w.Begin(
            MetricType.Counter, "memcachier_tcp_evictions_total"u8,
            "Connections cut short for newer ones, by state."u8);
        w.Sample("state=\"syn_received\""u8, tcp.SynReceivedEvictions);
        w.Sample("state=\"time_wait\""u8, tcp.TimeWaitEvictions);
        return true;
    }
}
