using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Dhcp;

/// <summary>A message the client wants sent, from port 68 to port 67.</summary>
public readonly struct DhcpOutput
{
    public DhcpOutput(IpAddress source, IpAddress destination, int length)
    {
        Source = source;
        Destination = destination;
        Length = length;
    }

    public IpAddress Source { get; }

    public IpAddress Destination { get; }

    /// <summary>Size of the message in bytes.</summary>
    public int Length { get; }
}
