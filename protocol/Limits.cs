namespace Memcachier.Protocol;

/// <summary>The protocols' limits that do not depend on any setting.</summary>
public static class Limits
{
    /// <summary>protocol.txt: "the length limit of a key is set at 250 characters".</summary>
    public const int KeyLengthMax = 250;

    /// <summary>A command line of this many bytes without its end closes the connection, unless it gets keys.</summary>
    public const int LineLengthMax = 2048;

    /// <summary>The longest value that a length field can announce.</summary>
    public const int ValueLengthMax = int.MaxValue - 2;

    /// <summary>CR LF.</summary>
    public const int LineEndLength = 2;
}
