namespace Memcachier.Protocol.Text;

/// <summary>What an answer begins with.</summary>
public enum ReplyKind : byte
{
    Unknown,
    Stored,
    NotStored,
    Exists,
    NotFound,
    Deleted,
    Touched,
    Ok,
    Reset,

    /// <summary>END: after the values of a get, and after the lines of stats.</summary>
    End,

    /// <summary>A number: the answer to incr and decr.</summary>
    Number,

    /// <summary>VALUE, with its data block.</summary>
    Value,

    /// <summary>STAT.</summary>
    Stat,

    /// <summary>VERSION.</summary>
    Version,

    /// <summary>HD: a meta command was done, and there is no value in the answer.</summary>
    MetaDone,

    /// <summary>VA, with its data block.</summary>
    MetaValue,

    /// <summary>EN: what mg and me answer to a miss.</summary>
    MetaMiss,

    /// <summary>NF: what the other meta commands do.</summary>
    MetaNotFound,

    /// <summary>NS.</summary>
    MetaNotStored,

    /// <summary>EX.</summary>
    MetaExists,

    /// <summary>MN.</summary>
    MetaNoop,

    /// <summary>ME.</summary>
    MetaDebug,

    /// <summary>ERROR.</summary>
    Error,

    /// <summary>CLIENT_ERROR.</summary>
    ClientError,

    /// <summary>SERVER_ERROR.</summary>
    ServerError,
}
