namespace Memcachier.Configuration;

/// <summary>The settings there are, in the order of help, docs and API. <see cref="SettingList"/> says what each is.</summary>
public enum SettingId : byte
{
    /// <summary>No setting.</summary>
    None,
    Ip,
    HostName,
    Memory,
    Connections,
    ItemSize,
    Port,
    UdpPort,
    Protocol,
    Sasl,
    AsciiAuth,
    User,
    Shutdown,
    NoCas,
    NoFlush,
    NoDumps,
    NoWatch,
    PrefixDelimiter,
    RequestsPerTurn,
    IdleTimeout,
    WorkerLog,
    WatcherLog,
    TrackSizes,
    Segment,
    Eviction,
    Cluster,
    Crash,
    ApiPort,
    ApiToken,
    ApiMetrics,
    ApiHosts,
    Metadata,
}
