namespace Memcachier.Server;

/// <summary>What a connection may speak: memcached's -B.</summary>
public enum BindingProtocol : byte
{
    /// <summary>Whichever protocol a connection's first byte belongs to.</summary>
    Auto,

    /// <summary>The text protocol, classic and meta.</summary>
    Ascii,

    /// <summary>The binary protocol.</summary>
    Binary,
}
