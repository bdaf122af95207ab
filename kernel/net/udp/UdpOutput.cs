using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Udp;

/// <summary>Where a datagram whose payload was just written should go.</summary>
public readonly struct UdpOutput
{
    public UdpOutput(ushort sourcePort, IpAddress destination, ushort destinationPort, int length)
    {
        SourcePort = sourcePort;
        Destination = destination;
        DestinationPort = destinationPort;
        Length = length;
    }

    public ushort SourcePort { get; }

    public IpAddress Destination { get; }

    public ushort DestinationPort { get; }

    /// <summary>Size of the payload in bytes.</summary>
    public int Length { get; }
}
