using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>Where a segment that was just written should go, and how long it is.</summary>
/// <remarks>It looks at the flow of who wrote it: it is good until that one is called again.</remarks>
public readonly ref struct TcpOutput
{
    private readonly ref readonly Flow _flow;

    internal TcpOutput(ref readonly Flow flow, int length)
    {
        _flow = ref flow;
        Length = length;
    }

    public IpAddress Source => _flow.LocalAddress;

    public IpAddress Destination => _flow.RemoteAddress;

    /// <summary>Size in bytes of header and text.</summary>
    public int Length { get; }
}
