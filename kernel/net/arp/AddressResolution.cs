using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Arp;

/// <summary>The "address resolution module" of RFC 826: what a packet that arrives does to the table.</summary>
public sealed class AddressResolution
{
    private readonly Ipv4Interface _interface;
    private readonly ArpCache _cache;
    private readonly ArpAnnouncer _announcer;
    private readonly NetCounters _counters;

    public AddressResolution(Ipv4Interface local, ArpCache cache, ArpAnnouncer announcer, NetCounters counters)
    {
        _interface = local;
        _cache = cache;
        _announcer = announcer;
        _counters = counters;
    }

    /// <summary>Takes a packet in; true if its sender should get a reply.</summary>
    public bool Arrives(in ArpPacket packet, long nowMicros)
    {
        // RFC 5227 §2.1.1: a probe has the sender address zero and must change nobody's table.
        bool isProbe = packet.SenderProtocol.IsUnspecifiedV4;
        if (!IsSender(in packet, isProbe))
        {
            _counters.ArpMalformed++;
            return false;
        }
        if (!_interface.IsConfigured) return false;
        if (packet.SenderProtocol == _interface.Address)
        {
            _counters.ArpConflicts++;
            _announcer.Defend(nowMicros);
            return false;
        }

        // RFC 826, "Packet Reception", in its order.
        bool isMerged = !isProbe && _cache.TryMerge(packet.SenderProtocol, packet.SenderHardware, nowMicros);
        // "?Am I the target protocol address?"
        if (packet.TargetProtocol != _interface.Address) return false;
        // A reply nobody asked for teaches nothing: RFC 826 would believe it, and so would its forger's victims.
        if (packet.Operation != ArpOperation.Request) return false;
        // "If Merge_flag is false, add the triplet": who asks for us is about to talk to us.
        if (!isMerged && !isProbe) _cache.Add(packet.SenderProtocol, packet.SenderHardware, nowMicros);
        return true;
    }

    private bool IsSender(in ArpPacket packet, bool isProbe)
    {
        MacAddress hardware = packet.SenderHardware;
        if (hardware.IsGroup || hardware == default) return false;
        if (hardware == _interface.MacAddress) return false;
        if (isProbe) return true;
        IpAddress protocol = packet.SenderProtocol;
        return !protocol.IsMulticastV4 && !protocol.IsLoopbackV4 && !_interface.IsBroadcast(protocol);
    }
}
