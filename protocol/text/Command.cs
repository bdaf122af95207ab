namespace Memcachier.Protocol.Text;

/// <summary>The commands of the text protocol: first the classic ones, then meta.</summary>
public enum Command : byte
{
    Unknown,
    Get,
    Gets,
    Gat,
    Gats,
    Set,
    Add,
    Replace,
    Append,
    Prepend,
    Cas,
    Delete,
    Incr,
    Decr,
    Touch,
    FlushAll,
    Version,
    Verbosity,
    Stats,
    Quit,
    Shutdown,
    Slabs,
    Lru,
    LruCrawler,
    CacheMemlimit,
    Watch,

    /// <summary>Amazon ElastiCache's.</summary>
    Config,

    /// <summary>mg</summary>
    MetaGet,

    /// <summary>ms</summary>
    MetaSet,

    /// <summary>md</summary>
    MetaDelete,

    /// <summary>ma</summary>
    MetaArithmetic,

    /// <summary>me</summary>
    MetaDebug,

    /// <summary>mn</summary>
    MetaNoop,
}
