using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Icmp;

/// <summary>
/// The host's side of ICMP (RFC 792, RFC 1122 §3.2.2): answers echo requests, learns narrow paths, and says whether an
/// error may be reported.
/// </summary>
/// <remarks>
/// Redirects are ignored: a stranger does not choose our routes (RFC 1122 §3.2.2.2 allows it to a host that has a
/// default gateway). So is source quench (RFC 6633 §3).
/// </remarks>
public sealed class IcmpV4
{
    private const int EchoRepliesPerSecond = 10_000, EchoReplyBurst = 1_000;
    private const int ErrorsPerSecond = 100, ErrorBurst = 20;

    private readonly Ipv4Interface _interface;
    private readonly PathMtuTable _pathMtus;
    private readonly NetCounters _counters;
    private readonly RateLimit _echoLimit = new(EchoRepliesPerSecond, EchoReplyBurst);
    private readonly RateLimit _errorLimit = new(ErrorsPerSecond, ErrorBurst);

    public IcmpV4(Ipv4Interface local, PathMtuTable pathMtus, NetCounters counters)
    {
        _interface = local;
        _pathMtus = pathMtus;
        _counters = counters;
    }

    /// <summary>Takes in what a packet to our address carries; true if it wants an echo reply.</summary>
    public bool Arrives(in Ipv4Header packet, out IcmpV4Message message, long nowMicros)
    {
        if (!IcmpV4Message.TryParse(packet.Payload, out message))
        {
            _counters.IcmpMalformed++;
            return false;
        }
        if (!message.IsChecksumValid)
        {
            _counters.IcmpBadChecksum++;
            return false;
        }
        switch (message.Type)
        {
            case IcmpV4Type.EchoRequest:
                return MayReply(in message, nowMicros);
            case IcmpV4Type.DestinationUnreachable when message.Code == IcmpV4Message.FragmentationNeeded:
                ArrivesFragmentationNeeded(in message, nowMicros);
                return false;
            default:
                _counters.IcmpIgnored++;
                return false;
        }
    }

    /// <summary>
    /// True if an error about <paramref name="packet"/> may be sent. RFC 1122 §3.2.2: never about an ICMP error, a
    /// packet to many, or a fragment other than the first; RFC 1812 §4.3.2.8: not too often. (A packet from a source
    /// that is not one host did not come this far.)
    /// </summary>
    public bool MayReport(in Ipv4Header packet, long nowMicros)
    {
        if (!_interface.IsConfigured) return false;
        if (packet.Destination != _interface.Address) return false;
        if (!packet.HasOffsetZero) return false;
        if (packet.Protocol == IpProtocol.Icmp)
        {
            if (!IcmpV4Message.TryParse(packet.Payload, out IcmpV4Message message)) return false;
            if (message.IsError) return false;
        }
        if (_errorLimit.TryTake(nowMicros)) return true;
        _counters.IcmpRateLimited++;
        return false;
    }

    private bool MayReply(in IcmpV4Message request, long nowMicros)
    {
        // A request that came as one packet over a wider network than ours cannot be echoed as one packet.
        if (request.Length > _interface.Mtu - Ipv4Header.MinSize)
        {
            _counters.IcmpIgnored++;
            return false;
        }
        if (_echoLimit.TryTake(nowMicros)) return true;
        _counters.IcmpRateLimited++;
        return false;
    }

    /// <summary>RFC 1191 §4. Only about a packet that we could have sent; what it claims costs at most a fragmentation.</summary>
    private void ArrivesFragmentationNeeded(in IcmpV4Message message, long nowMicros)
    {
        if (!Ipv4Header.TryParseQuoted(message.Body, out Ipv4Header quoted) || quoted.Source != _interface.Address)
        {
            _counters.IcmpIgnored++;
            return;
        }
        _counters.IcmpFragmentationNeeded++;
        _pathMtus.Arrives(quoted.Destination, message.NextHopMtu, quoted.TotalLength, nowMicros);
    }
}
