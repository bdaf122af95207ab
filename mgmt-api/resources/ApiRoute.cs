namespace Memcachier.Management.Resources;

/// <summary>The resources there are.</summary>
public enum ApiRoute : byte
{
    None,
    Live,
    Ready,
    Version,
    Status,
    Stats,
    StatsReset,
    Connections,
    Connection,
    HotKeys,
    Key,
    Prefixes,
    Flush,
    Memory,
    Network,
    Cpus,
    Capture,
    Shutdown,
    Reboot,
    Metrics,
    DashboardPage,
    DashboardStyle,
    DashboardScript,
    OpenApi,
    Settings,
    Setting,
    Log,
    Cluster,
}
