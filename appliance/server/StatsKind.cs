namespace Memcachier.Server;

/// <summary>What stats can be asked for.</summary>
public enum StatsKind : byte
{
    General,
    Settings,
    Items,
    Slabs,
    Sizes,
    Detail,
    Cachedump,
    Conns,
    Reset,
}
