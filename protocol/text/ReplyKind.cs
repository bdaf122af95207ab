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

    /// <summary>ERROR.</summary>
    Error,

    /// <summary>CLIENT_ERROR.</summary>
    ClientError,

    /// <summary>SERVER_ERROR.</summary>
    ServerError,
}
