namespace Memcachier.Server;

/// <summary>
/// Both ends of a connection, for those who ask who is there. IPv4 addresses: 10.0.2.15 is 0x0A00020F.
/// </summary>
public readonly struct Peer
{
    public Peer(uint address, ushort port, uint localAddress, ushort localPort)
    {
        Address = address;
        Port = port;
        LocalAddress = localAddress;
        LocalPort = localPort;
    }

    /// <summary>The client's.</summary>
    public uint Address { get; }

    public ushort Port { get; }

    /// <summary>Ours.</summary>
    public uint LocalAddress { get; }

    public ushort LocalPort { get; }
}
