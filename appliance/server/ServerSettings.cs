namespace Memcachier.Server;

/// <summary>What stats settings tells of the configuration, beyond what the store knows of itself.</summary>
public readonly struct ServerSettings
{
    public ServerSettings(int tcpPort) => TcpPort = tcpPort;

    public int TcpPort { get; }

    /// <summary>0 if nothing is served over UDP.</summary>
    public int UdpPort { get; init; }
}
