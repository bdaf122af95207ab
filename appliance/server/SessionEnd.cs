namespace Memcachier.Server;

/// <summary>Why a connection ends: what memcached's logger tells of it.</summary>
public enum SessionEnd : byte
{
    /// <summary>The network, or something that memcached closes a connection for.</summary>
    Error,

    /// <summary>The client closed, or said quit.</summary>
    Normal,

    /// <summary>It said nothing for too long.</summary>
    IdleTimeout,
}
