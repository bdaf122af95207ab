namespace Memcachier.Protocol.Text;

/// <summary>Why a line is malformed.</summary>
public enum RequestError : byte
{
    None,

    /// <summary>No such command: ERROR.</summary>
    UnknownCommand,

    /// <summary>No such command, but it looks like HTTP: the connection is closed without an answer.</summary>
    LooksLikeHttp,

    /// <summary>CLIENT_ERROR bad command line format.</summary>
    BadFormat,

    /// <summary>CLIENT_ERROR invalid exptime argument.</summary>
    BadExptime,

    /// <summary>CLIENT_ERROR invalid numeric delta argument.</summary>
    BadDelta,
}
