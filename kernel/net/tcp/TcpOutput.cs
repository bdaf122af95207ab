using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>Where a segment that was just written should go, and how long it is.</summary>
public readonly struct TcpOutput
{
    internal TcpOutput(IpAddress source, IpAddress destination, int length)
    {
        Source = source;
        Destination = destination;
        Length = length;
    }

    public IpAddress Source { get; }

    public IpAddress Destination { get; }

    /// <summary>Size in bytes of header and text.</summary>
    public int Length { get; }
}
