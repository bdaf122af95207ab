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

    /// <summary>A meta command has a flag twice: CLIENT_ERROR duplicate flag.</summary>
    DuplicateFlag,

    /// <summary>A meta flag that no command knows: CLIENT_ERROR invalid flag.</summary>
    InvalidFlag,

    /// <summary>CLIENT_ERROR options flags are too long.</summary>
    TooManyFlags,

    /// <summary>A meta flag without its number: CLIENT_ERROR bad token in command line format.</summary>
    BadToken,

    /// <summary>CLIENT_ERROR error decoding key.</summary>
    BadBase64,

    /// <summary>CLIENT_ERROR opaque token too long.</summary>
    OpaqueTooLong,

    /// <summary>CLIENT_ERROR invalid numeric initial value.</summary>
    BadInitialFlag,

    /// <summary>CLIENT_ERROR invalid numeric delta value.</summary>
    BadDeltaFlag,

    /// <summary>ma says the same of each of its flags: CLIENT_ERROR invalid or duplicate flag.</summary>
    BadArithmeticFlag,

    /// <summary>CLIENT_ERROR invalid mode for ms M token.</summary>
    BadSetMode,

    /// <summary>CLIENT_ERROR invalid mode for ma M token.</summary>
    BadArithmeticMode,

    /// <summary>CLIENT_ERROR invalid shutdown mode.</summary>
    BadShutdownMode,

    /// <summary>CLIENT_ERROR automove window too low or too high.</summary>
    BadAutomoveWindow,

    /// <summary>ERROR hot and warm pcts must not exceed 80.</summary>
    BadLruPercent,

    /// <summary>ERROR hot/warm age factors must be greater than 0.</summary>
    BadLruFactor,

    /// <summary>CLIENT_ERROR sleep must be one second or less.</summary>
    BadCrawlerSleep,

    /// <summary>MEMLIMIT_TOO_SMALL.</summary>
    MemoryLimitTooSmall,

    /// <summary>MEMLIMIT_ADJUST_FAILED, for a number that cannot be megabytes.</summary>
    MemoryLimitInBytes,
}
