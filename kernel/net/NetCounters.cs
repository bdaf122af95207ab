namespace Memcachier.Kernel.Net;

/// <summary>
/// What a network stack did and what it dropped, by reason. Written by the stack's reactor alone; a reader elsewhere
/// sees each number whole, though not all of one moment.
/// </summary>
public sealed class NetCounters
{
    public long FramesReceived;
    public long FramesSent;

    /// <summary>Dropped: shorter than an Ethernet header.</summary>
    public long FramesMalformed;

    /// <summary>Dropped: addressed to another station, or to a group other than everyone.</summary>
    public long FramesNotForUs;

    /// <summary>Dropped: neither IPv4 nor ARP.</summary>
    public long FramesUnknownType;

    /// <summary>An answer was not sent because every transmit buffer was on its way. TCP data waits instead.</summary>
    public long TransmitExhausted;

    /// <summary>Dropped: cut short, not about IPv4 over Ethernet, or with addresses no host can have.</summary>
    public long ArpMalformed;
    public long ArpRequestsSent;
    public long ArpRepliesSent;

    /// <summary>Another station claimed our address (RFC 5227 §2.4).</summary>
    public long ArpConflicts;

    /// <summary>A packet was given up because nobody answered for its next hop, or too many were waiting.</summary>
    public long ArpPacketsDropped;

    /// <summary>Dropped: version, header length or total length contradict the bytes that came.</summary>
    public long Ipv4Malformed;
    public long Ipv4BadChecksum;

    /// <summary>Dropped: a source that no single host can have, or our own.</summary>
    public long Ipv4BadSource;

    /// <summary>Dropped: another destination (this host does not forward).</summary>
    public long Ipv4NotForUs;

    /// <summary>Dropped: a piece of a fragmented packet.</summary>
    public long Ipv4Fragments;

    /// <summary>Answered with "protocol unreachable": neither ICMP, UDP nor TCP.</summary>
    public long Ipv4UnknownProtocol;

    /// <summary>Not sent: no route, or from an address that is no longer ours.</summary>
    public long Ipv4NoRoute;

    /// <summary>Sent with leave to fragment, because the path is narrower than the packet (RFC 1191).</summary>
    public long Ipv4SentFragmentable;

    public long IcmpMalformed;
    public long IcmpBadChecksum;
    public long IcmpEchoReplies;
    public long IcmpErrorsSent;

    /// <summary>An answer was not sent: too many too fast.</summary>
    public long IcmpRateLimited;

    /// <summary>"Fragmentation needed" about a packet of ours.</summary>
    public long IcmpFragmentationNeeded;

    /// <summary>Understood and of no consequence: other errors, redirects, replies nobody asked for.</summary>
    public long IcmpIgnored;

    public long UdpReceived;
    public long UdpSent;
    public long UdpMalformed;
    public long UdpBadChecksum;
    public long UdpPortUnreachable;

    public long TcpReceived;
    public long TcpSent;

    /// <summary>Dropped: TCP to a broadcast address (RFC 9293 §3.9.2.3).</summary>
    public long TcpNotUnicast;

    /// <summary>Dropped: not an answer to what the DHCP client asked.</summary>
    public long DhcpIgnored;
    public long DhcpLeases;
    public long DhcpNaks;
    public long DhcpExpiries;

    /// <summary>Frames that a capture kept.</summary>
    public long CaptureFramesKept;

    /// <summary>Frames that a capture left out, because they were too many or there was no room.</summary>
    public long CaptureFramesDropped;
}
