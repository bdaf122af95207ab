using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Arp;

/// <summary>A question the cache wants asked.</summary>
public readonly struct ArpRequest
{
    public ArpRequest(IpAddress target, MacAddress destination)
    {
        Target = target;
        Destination = destination;
    }

    /// <summary>Whose hardware address is wanted.</summary>
    public IpAddress Target { get; }

    /// <summary>Everyone; or the neighbour itself, to see whether it is still there.</summary>
    public MacAddress Destination { get; }
}
