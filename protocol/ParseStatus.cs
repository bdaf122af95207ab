namespace Memcachier.Protocol;

/// <summary>What a parser made of its input.</summary>
public enum ParseStatus : byte
{
    /// <summary>A whole message.</summary>
    Done,

    /// <summary>The beginning of one: offer the same bytes again when more have come.</summary>
    NeedMoreData,

    /// <summary>A whole message that breaks the protocol's rules.</summary>
    Malformed,
}
