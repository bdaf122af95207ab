using System;

namespace Memcachier.Management.Http;

/// <summary>What a client is told of a <see cref="RequestError"/>.</summary>
public static class RequestErrors
{
    /// <summary>The status code of the answer.</summary>
    public static int StatusOf(RequestError error) => error switch
    {
        RequestError.TargetTooLong => 414,
        RequestError.HeadTooLarge or RequestError.TooManyFields or RequestError.TrailersTooLarge => 431,
        RequestError.VersionNotSupported => 505,
        RequestError.MethodNotImplemented or RequestError.UnknownTransferCoding => 501,
        RequestError.ExpectationFailed => 417,
        RequestError.BodyTooLarge => 413,
        RequestError.TimedOut => 408,
        _ => 400,
    };

    /// <summary>A sentence for the problem details, ASCII.</summary>
    public static ReadOnlySpan<byte> DetailOf(RequestError error) => error switch
    {
        RequestError.EmptyLines => "More than one empty line before the request line."u8,
        RequestError.BareLineFeed => "A line feed without a carriage return before it."u8,
        RequestError.BareCarriageReturn => "A carriage return without a line feed behind it."u8,
        RequestError.ControlCharacter => "A control character in the head."u8,
        RequestError.BadRequestLine => "The request line is not a method, a target and a version."u8,
        RequestError.BadMethod => "The method is not a token."u8,
        RequestError.BadTarget => "The target is no path or http URI, or has characters that must be percent-encoded."u8,
        RequestError.TargetTooLong => "The target is longer than 2048 bytes."u8,
        RequestError.BadVersion => "The version is not of the form HTTP/1.1."u8,
        RequestError.VersionNotSupported => "Only HTTP/1.0 and HTTP/1.1 are spoken here."u8,
        RequestError.MethodNotImplemented => "The method is not known."u8,
        RequestError.HeadTooLarge => "The head is longer than 8192 bytes."u8,
        RequestError.TooManyFields => "More than 64 header fields."u8,
        RequestError.FoldedField => "A header field is continued on the next line."u8,
        RequestError.BadFieldName => "A header field's name is not a token right before a colon."u8,
        RequestError.MissingHost => "There is no Host field."u8,
        RequestError.DuplicateHost => "More than one Host field."u8,
        RequestError.BadHost => "The host is not a name or an address with an optional port."u8,
        RequestError.BadContentLength => "Content-Length is not a number."u8,
        RequestError.DuplicateContentLength => "More than one Content-Length field."u8,
        RequestError.LengthAndCoding => "Both Content-Length and Transfer-Encoding."u8,
        RequestError.CodingInOldVersion => "Transfer-Encoding in HTTP/1.0."u8,
        RequestError.BadTransferCoding => "Transfer-Encoding does not end in chunked, or not plainly."u8,
        RequestError.UnknownTransferCoding => "The only transfer coding known is chunked."u8,
        RequestError.ExpectationFailed => "The only expectation known is 100-continue."u8,
        RequestError.BodyTooLarge => "The body is longer than a request's may be."u8,
        RequestError.BadChunk => "The body's chunks are malformed."u8,
        RequestError.ChunkExtensionsTooLong => "The chunk extensions are longer than 256 bytes."u8,
        RequestError.BadTrailer => "A trailer field is malformed."u8,
        RequestError.TrailersTooLarge => "The trailer section is longer than 1024 bytes."u8,
        RequestError.TimedOut => "The request did not arrive in time."u8,
        _ => "The request is malformed."u8,
    };
}
