namespace Memcachier.Configuration;

/// <summary>How reading a quoted text ended.</summary>
internal enum QuoteOutcome : byte
{
    Done,

    /// <summary>The line ends before the text does. Nothing was consumed.</summary>
    Open,

    /// <summary>A backslash with something behind it that is none of the language's escapes.</summary>
    BadEscape,

    /// <summary>A control character, or bytes that are not UTF-8.</summary>
    BadCharacter,

    /// <summary>Longer than there is room for.</summary>
    TooLong,
}
