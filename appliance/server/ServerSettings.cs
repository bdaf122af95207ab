using System;

namespace Memcachier.Server;

/// <summary>
/// What was chosen for the sessions, beyond what the store knows of itself. They share the object and look when they need
/// it, so what can be set here changes for all of them at once.
/// </summary>
public sealed class ServerSettings
{
    /// <summary>
    /// memcached has 20, which take it about as long: some 40 microseconds. Fewer make short answers of a pipeline
    /// leave in segments that are not full.
    /// </summary>
    public const int RequestsPerTurnDefault = 250;

    public ServerSettings(int tcpPort)
    {
        TcpPort = tcpPort;
        RequestsPerTurn = RequestsPerTurnDefault;
        WatcherOutputMax = Watchers.OutputLengthDefault;
        AllowsWatch = true;
    }

    public int TcpPort { get; }

    /// <summary>-o idle_timeout: seconds after which a silent connection is closed; 0 for never.</summary>
    public int IdleTimeoutSeconds { get; set; }

    /// <summary>-R: how many requests of one connection are executed before the others have their turn.</summary>
    public int RequestsPerTurn { get; set; }

    /// <summary>-o watcher_logbuf_size in bytes.</summary>
    public int WatcherOutputMax { get; init; }

    /// <summary>What config get cluster answers; null for nothing.</summary>
    public ClusterNodes? Cluster { get; init; }

    /// <summary>Not so with -W.</summary>
    public bool AllowsWatch { get; set; }

    /// <summary>0 if nothing is served over UDP.</summary>
    public int UdpPort { get; init; }

    /// <summary>-B</summary>
    public BindingProtocol Protocol { get; init; }

    /// <summary>-S: who speaks the binary protocol has to log in.</summary>
    public bool IsSaslEnabled { get; init; }

    /// <summary>-Y: who speaks the text protocol has to log in.</summary>
    public bool IsAsciiAuthEnabled { get; init; }

    /// <summary>user=; null is nobody.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>-A: shutdown is not refused.</summary>
    public bool AllowsShutdown { get; set; }

    /// <summary>-F: flush_all is refused.</summary>
    public bool RefusesFlush { get; set; }

    /// <summary>-X: dumps of items and of prefixes are refused.</summary>
    public bool RefusesDumps { get; set; }

    /// <summary>-D: prefixes are counted from the start.</summary>
    public bool CountsPrefixes { get; init; }

    /// <summary>-D: what a prefix ends with; 0 stands for the colon.</summary>
    public byte PrefixDelimiter { get; init; }

    /// <summary>The protocol as memcached names it in stats settings.</summary>
    internal ReadOnlySpan<byte> ProtocolName => Protocol switch
    {
        BindingProtocol.Ascii => "ascii"u8,
        BindingProtocol.Binary => "binary"u8,
        _ => "auto-negotiate"u8,
    };
}
