using System;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Udp;

/// <summary>A datagram that arrived; the payload lies where the device put it, for as long as the call lasts.</summary>
public readonly ref struct UdpDatagram
{
    public UdpDatagram(IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort, Span<byte> payload)
    {
        Source = source;
        SourcePort = sourcePort;
        Destination = destination;
        DestinationPort = destinationPort;
        Payload = payload;
    }

    public IpAddress Source { get; }

    public ushort SourcePort { get; }

    public IpAddress Destination { get; }

    public ushort DestinationPort { get; }

    public Span<byte> Payload { get; }
}
