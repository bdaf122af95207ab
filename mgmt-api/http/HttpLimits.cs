namespace Memcachier.Management.Http;

/// <summary>What a request may be at most, and how long it may take. Sizes are in bytes, times in microseconds.</summary>
public static class HttpLimits
{
    /// <summary>Of a request's head, from its first octet to its empty line; a longer one is answered 431.</summary>
    public const int HeadLengthMax = 8 << 10;

    /// <summary>Of a request target; a longer one is answered 414.</summary>
    public const int TargetLengthMax = 2 << 10;

    /// <summary>Of header fields in a head; more are answered 431.</summary>
    public const int FieldCountMax = 64;

    /// <summary>Of all chunk extensions of a body together; more are answered 400.</summary>
    public const int ChunkExtensionLengthMax = 256;

    /// <summary>Of the trailer section of a body; a longer one is answered 431.</summary>
    public const int TrailerLengthMax = 1 << 10;

    /// <summary>From a request's first octet to the end of its head.</summary>
    public const long HeadMicros = 10_000_000;

    /// <summary>From the end of a head to the end of the body.</summary>
    public const long BodyMicros = 30_000_000;

    /// <summary>From an answer to the first octet of the next request.</summary>
    public const long IdleMicros = 60_000_000;

    /// <summary>How long a client may take nothing of an answer.</summary>
    public const long ProgressMicros = 30_000_000;
}
