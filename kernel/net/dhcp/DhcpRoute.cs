using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Dhcp;

/// <summary>One entry of the classless static route option (RFC 3442).</summary>
public readonly struct DhcpRoute
{
    public DhcpRoute(IpAddress destination, int prefixLength, IpAddress gateway)
    {
        Destination = destination;
        PrefixLength = prefixLength;
        Gateway = gateway;
    }

    public IpAddress Destination { get; }

    public int PrefixLength { get; }

    /// <summary>0.0.0.0: the destinations are neighbours.</summary>
    public IpAddress Gateway { get; }
}
