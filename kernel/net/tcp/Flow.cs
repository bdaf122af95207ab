using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The two sockets that name a connection (RFC 9293 §3.4.1), seen from here.</summary>
internal readonly struct Flow
{
    public Flow(IpAddress localAddress, ushort localPort, IpAddress remoteAddress, ushort remotePort)
    {
        LocalAddress = localAddress;
        RemoteAddress = remoteAddress;
        LocalPort = localPort;
        RemotePort = remotePort;
    }

    public IpAddress LocalAddress { get; }

    public IpAddress RemoteAddress { get; }

    public ushort LocalPort { get; }

    public ushort RemotePort { get; }

    /// <summary>Both ports as one number.</summary>
    public uint Ports => (uint)LocalPort << 16 | RemotePort;

    public bool Is(in Flow other) =>
        Ports == other.Ports && RemoteAddress == other.RemoteAddress && LocalAddress == other.LocalAddress;
}
