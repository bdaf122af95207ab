namespace Memcachier.Protocol.Text;

/// <summary>The commands of the classic text protocol.</summary>
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
}
