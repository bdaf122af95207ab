using System;

namespace Memcachier.Management.Http;

/// <summary>
/// The head of a request (RFC 9112 §2.1), read where it lies: method, target, version and header fields, all of them
/// checked. The spans are views of the octets it was parsed from.
/// </summary>
public ref struct RequestHead
{
    /// <summary>There is no Content-Length field.</summary>
    public const long NoLength = -1;

    /// <summary>Known as soon as the request line is, even if the head is malformed later on.</summary>
    public HttpMethod Method { get; internal set; }

    /// <summary>The path with its escapes, beginning with a slash; or an asterisk, of OPTIONS only.</summary>
    public ReadOnlySpan<byte> Path { get; internal set; }

    /// <summary>What comes behind the question mark, with its escapes; empty if there is none.</summary>
    public ReadOnlySpan<byte> Query { get; internal set; }

    /// <summary>The host that is meant, with its port if one is given: of the target or else of the Host field.</summary>
    public ReadOnlySpan<byte> Authority { get; internal set; }

    /// <summary>HTTP/1.0, where a host need not be named and a connection ends with the answer.</summary>
    public bool IsOldVersion { get; internal set; }

    /// <summary>Bytes of the body as Content-Length has them, or <see cref="NoLength"/>.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>The body comes in chunks (RFC 9112 §7.1).</summary>
    public bool IsChunked { get; internal set; }

    /// <summary>The client wants to use the connection again (RFC 9112 §9.3).</summary>
    public bool KeepsAlive { get; internal set; }

    /// <summary>Never anything but none in HTTP/1.0.</summary>
    public Expectation Expectation { get; internal set; }

    /// <summary>There is a body of at least one byte, or a chunked one.</summary>
    public readonly bool HasBody => IsChunked || ContentLength > 0;

    /// <summary>All fields in order.</summary>
    public readonly FieldReader Fields => new(FieldOctets);

    internal ReadOnlySpan<byte> FieldOctets { get; set; }

    /// <summary>
    /// Parses the head at the start of <paramref name="input"/>; an empty line before it is skipped.
    /// </summary>
    /// <param name="head">Complete only if the result is <see cref="HeadStatus.Done"/>.</param>
    /// <param name="error">What is wrong, if something is.</param>
    /// <param name="consumed">Length of the head and the empty line before it; 0 unless done.</param>
    public static HeadStatus Parse(
        ReadOnlySpan<byte> input, out RequestHead head, out RequestError error, out int consumed)
    {
        head = default;
        consumed = 0;
        int start = input.StartsWith("\r\n"u8) ? 2 : 0;
        ReadOnlySpan<byte> octets = input.Slice(start);
        var scanner = new HeadScanner();
        HeadStatus status = scanner.Scan(octets, out int length, out error);
        if (status != HeadStatus.Done) return status;
        error = HeadParser.Parse(octets.Slice(0, length), out head);
        if (error != RequestError.None) return HeadStatus.Malformed;
        consumed = start + length;
        return HeadStatus.Done;
    }

    /// <summary>The value of the first field with that name, in any case.</summary>
    public readonly bool TryField(scoped ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        FieldReader fields = Fields;
        while (fields.TryNext(out ReadOnlySpan<byte> fieldName, out value))
        {
            if (Ascii.EqualsIgnoreCase(fieldName, name)) return true;
        }
        return false;
    }

    /// <summary>
    /// How much the client wants <paramref name="mediaType"/>, from 0 for not at all to 1000, as the Accept fields say
    /// (RFC 9110 §12.5.1). Parameters that <paramref name="mediaType"/> has and the client names must be equal;
    /// others are not looked at. Without the field everything is welcome.
    /// </summary>
    public readonly int QualityOf(scoped ReadOnlySpan<byte> mediaType)
    {
        var match = new MediaTypeMatch(mediaType);
        FieldReader fields = Fields;
        while (fields.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (Ascii.EqualsIgnoreCase(name, "accept"u8)) match.Consider(value);
        }
        return match.Quality;
    }

    /// <summary>Whether the client has what <paramref name="entityTag"/> stands for (RFC 9110 §13.1.2).</summary>
    /// <param name="entityTag">With its quotes; compared weakly.</param>
    public readonly bool HasEntity(scoped ReadOnlySpan<byte> entityTag)
    {
        FieldReader fields = Fields;
        while (fields.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (Ascii.EqualsIgnoreCase(name, "if-none-match"u8) && EntityTags.Contains(value, entityTag)) return true;
        }
        return false;
    }
}
