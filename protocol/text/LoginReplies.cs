using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// What is said to a client that has to log in first, to the letter. A login that succeeds is STORED.
/// </summary>
public static class LoginReplies
{
    /// <summary>None is longer.</summary>
    public const int LengthMax = 64;

    public static ReadOnlySpan<byte> Unauthenticated => "CLIENT_ERROR unauthenticated\r\n"u8;

    public static ReadOnlySpan<byte> TokenTooLong => "CLIENT_ERROR auth token too long\r\n"u8;

    public static ReadOnlySpan<byte> BadTermination => "CLIENT_ERROR bad command line termination\r\n"u8;

    public static ReadOnlySpan<byte> BadFormat => "CLIENT_ERROR bad authentication token format\r\n"u8;

    public static ReadOnlySpan<byte> Failure => "CLIENT_ERROR authentication failure\r\n"u8;
}
