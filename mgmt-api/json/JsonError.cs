namespace Memcachier.Management.Json;

/// <summary>Why a text is no JSON.</summary>
public enum JsonError : byte
{
    None,

    /// <summary>It ends in the middle of a value.</summary>
    EndsEarly,

    /// <summary>Something other than a value where one has to be.</summary>
    NoValue,

    /// <summary>Something other than a member's name where one has to be.</summary>
    NoName,

    /// <summary>A name without a colon behind it.</summary>
    NoColon,

    /// <summary>Neither a comma nor the end of the object or array behind an element.</summary>
    NoSeparator,

    /// <summary>Something behind the value.</summary>
    Surplus,

    /// <summary>A number with a zero in front, a point without digits, and the like.</summary>
    BadNumber,

    /// <summary>A control character in a string.</summary>
    ControlCharacter,

    /// <summary>A backslash before what may not be escaped, or a \u without four digits.</summary>
    BadEscape,

    /// <summary>Half of a surrogate pair.</summary>
    LoneSurrogate,

    /// <summary>Bytes that are not UTF-8.</summary>
    BadUtf8,

    /// <summary>Objects and arrays in each other beyond what is allowed.</summary>
    TooDeep,
}
