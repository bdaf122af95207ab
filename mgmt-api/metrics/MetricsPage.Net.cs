using Memcachier.Kernel.Net;

namespace Memcachier.Management.Metrics;

/// <summary>What the network stack counts below TCP.</summary>
public sealed partial class MetricsPage
{
    /// <summary>Frames, ARP, IPv4, ICMP, UDP and DHCP.</summary>
    private bool TryWriteNet(int index, ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        return index switch
        {
            0 => Frames(ref w),
            1 => FramesDropped(ref w),
            2 => ArpSent(ref w),
            3 => w.Counter("memcachier_arp_malformed_total"u8, "ARP packets that cannot be."u8, net.ArpMalformed),
            4 => w.Counter(
                "memcachier_arp_conflicts_total"u8,
                "How often another station claimed our address."u8, net.ArpConflicts),
            5 => w.Counter(
                "memcachier_arp_unresolved_packets_total"u8,
                "Packets given up because nobody answered for their next hop."u8, net.ArpPacketsDropped),
            6 => Ipv4Dropped(ref w),
            7 => w.Counter(
                "memcachier_ipv4_sent_fragmentable_total"u8,
                "Packets sent with leave to fragment, because a path is narrow."u8, net.Ipv4SentFragmentable),
            8 => IcmpSent(ref w),
            9 => IcmpDropped(ref w),
            10 => w.Counter(
                "memcachier_icmp_fragmentation_needed_total"u8,
                "How often a router said that a path is narrow."u8, net.IcmpFragmentationNeeded),
            11 => UdpDatagrams(ref w),
            12 => UdpDropped(ref w),
            13 => TcpPackets(ref w),
            14 => w.Counter(
                "memcachier_net_tcp_not_unicast_total"u8,
                "TCP segments to a broadcast address, dropped."u8, net.TcpNotUnicast),
            15 => Dhcp(ref w),
            16 => CaptureFrames(ref w),
            _ => false,
        };
    }

    private bool Frames(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_net_frames_total"u8, "Ethernet frames."u8);
        w.Sample("direction=\"received\""u8, net.FramesReceived);
        w.Sample("direction=\"sent\""u8, net.FramesSent);
        return true;
    }

    private bool FramesDropped(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_net_frames_dropped_total"u8, "Ethernet frames dropped, by why."u8);
        w.Sample("reason=\"malformed\""u8, net.FramesMalformed);
        w.Sample("reason=\"not_for_us\""u8, net.FramesNotForUs);
        w.Sample("reason=\"unknown_type\""u8, net.FramesUnknownType);
        w.Sample("reason=\"no_transmit_buffer\""u8, net.TransmitExhausted);
        return true;
    }

    private bool ArpSent(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_arp_sent_total"u8, "ARP packets sent."u8);
        w.Sample("kind=\"request\""u8, net.ArpRequestsSent);
        w.Sample("kind=\"reply\""u8, net.ArpRepliesSent);
        return true;
    }

    private bool Ipv4Dropped(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_ipv4_dropped_total"u8, "IPv4 packets dropped, by why."u8);
        w.Sample("reason=\"malformed\""u8, net.Ipv4Malformed);
        w.Sample("reason=\"bad_checksum\""u8, net.Ipv4BadChecksum);
        w.Sample("reason=\"bad_source\""u8, net.Ipv4BadSource);
        w.Sample("reason=\"not_for_us\""u8, net.Ipv4NotForUs);
        w.Sample("reason=\"fragment\""u8, net.Ipv4Fragments);
        w.Sample("reason=\"unknown_protocol\""u8, net.Ipv4UnknownProtocol);
        w.Sample("reason=\"no_route\""u8, net.Ipv4NoRoute);
        return true;
    }

    private bool IcmpSent(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_icmp_sent_total"u8, "ICMP messages sent."u8);
        w.Sample("kind=\"echo_reply\""u8, net.IcmpEchoReplies);
        w.Sample("kind=\"error\""u8, net.IcmpErrorsSent);
        return true;
    }

    private bool IcmpDropped(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_icmp_dropped_total"u8, "ICMP messages dropped or not sent, by why."u8);
        w.Sample("reason=\"malformed\""u8, net.IcmpMalformed);
        w.Sample("reason=\"bad_checksum\""u8, net.IcmpBadChecksum);
        w.Sample("reason=\"rate_limited\""u8, net.IcmpRateLimited);
        w.Sample("reason=\"ignored\""u8, net.IcmpIgnored);
        return true;
    }

    private bool UdpDatagrams(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_udp_datagrams_total"u8, "UDP datagrams."u8);
        w.Sample("direction=\"received\""u8, net.UdpReceived);
        w.Sample("direction=\"sent\""u8, net.UdpSent);
        return true;
    }

    private bool UdpDropped(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_udp_dropped_total"u8, "UDP datagrams dropped, by why."u8);
        w.Sample("reason=\"malformed\""u8, net.UdpMalformed);
        w.Sample("reason=\"bad_checksum\""u8, net.UdpBadChecksum);
        w.Sample("reason=\"no_such_port\""u8, net.UdpPortUnreachable);
        return true;
    }

    private bool TcpPackets(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_net_tcp_packets_total"u8, "IP packets of TCP."u8);
        w.Sample("direction=\"received\""u8, net.TcpReceived);
        w.Sample("direction=\"sent\""u8, net.TcpSent);
        return true;
    }

    private bool Dhcp(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(
            MetricType.Counter, "memcachier_dhcp_events_total"u8,
            "What became of the address: leases, refusals, leases that ran out, answers that were not ours."u8);
        w.Sample("event=\"lease\""u8, net.DhcpLeases);
        w.Sample("event=\"nak\""u8, net.DhcpNaks);
        w.Sample("event=\"expiry\""u8, net.DhcpExpiries);
        w.Sample("event=\"ignored\""u8, net.DhcpIgnored);
        return true;
    }

    private bool CaptureFrames(ref MetricsWriter w)
    {
        NetCounters net = _sources.Net;
        w.Begin(MetricType.Counter, "memcachier_capture_frames_total"u8, "Frames that a packet capture was to keep."u8);
        w.Sample("result=\"kept\""u8, net.CaptureFramesKept);
        w.Sample("result=\"dropped\""u8, net.CaptureFramesDropped);
        return true;
    }
}
