using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Arp;

/// <summary>What is known of a neighbour, to look at.</summary>
public readonly struct ArpNeighbour
{
    public IpAddress Address { get; init; }

    /// <summary>Known unless it is <see cref="ArpState.Incomplete"/>.</summary>
    public MacAddress Hardware { get; init; }

    public ArpState State { get; init; }

    /// <summary>When it was heard of last.</summary>
    public long ConfirmedMicros { get; init; }
}
