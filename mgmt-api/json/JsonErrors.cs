using System;

namespace Memcachier.Management.Json;

/// <summary>Errors in words.</summary>
public static class JsonErrors
{
    /// <summary>What is wrong, without a full stop.</summary>
    public static ReadOnlySpan<byte> DetailOf(JsonError error) => error switch
    {
        JsonError.EndsEarly => "the text ends in the middle of a value"u8,
        JsonError.NoValue => "there should be a value"u8,
        JsonError.NoName => "there should be a name in quotes"u8,
        JsonError.NoColon => "there should be a colon"u8,
        JsonError.NoSeparator => "there should be a comma, or the end of the object or array"u8,
        JsonError.Surplus => "there is something behind the value"u8,
        JsonError.BadNumber => "this is not how a number is written"u8,
        JsonError.ControlCharacter => "control characters in strings have to be escaped"u8,
        JsonError.BadEscape => "there is no such escape"u8,
        JsonError.LoneSurrogate => "this is half of a surrogate pair"u8,
        JsonError.BadUtf8 => "this is not UTF-8"u8,
        JsonError.TooDeep => "objects and arrays are too deep in each other"u8,
        _ => "nothing is wrong"u8,
    };
}
