namespace Memcachier.Management.Json;

/// <summary>What a <see cref="JsonReader"/> has read.</summary>
public enum JsonToken : byte
{
    /// <summary>Nothing yet.</summary>
    None,

    BeginObject,
    EndObject,
    BeginArray,
    EndArray,

    /// <summary>A member's name; its value comes next.</summary>
    Name,

    String,
    Number,
    True,
    False,
    Null,

    /// <summary>The text is over, and was one value.</summary>
    End,

    /// <summary>The text is no JSON: <see cref="JsonReader.Error"/> says why, <see cref="JsonReader.Offset"/> where.</summary>
    Malformed,
}
