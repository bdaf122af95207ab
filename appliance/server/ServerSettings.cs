namespace Memcachier.Server;

/// <summary>What was chosen at boot for the sessions, beyond what the store knows of itself.</summary>
public readonly struct ServerSettings
{
    public ServerSettings(int tcpPort) => TcpPort = tcpPort;

    public int TcpPort { get; }

    /// <summary>-A: shutdown is not refused.</summary>
    public bool AllowsShutdown { get; init; }

    /// <summary>-F: flush_all is refused.</summary>
    public bool RefusesFlush { get; init; }

    /// <summary>-X: dumps of items and of prefixes are refused.</summary>
    public bool RefusesDumps { get; init; }

    /// <summary>-D: prefixes are counted from the start.</summary>
    public bool CountsPrefixes { get; init; }

    /// <summary>-D: what a prefix ends with; 0 stands for the colon.</summary>
    public byte PrefixDelimiter { get; init; }
}
