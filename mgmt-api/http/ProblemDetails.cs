using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>Errors as RFC 9457 wants them, in JSON.</summary>
public static class ProblemDetails
{
    /// <summary>The media type.</summary>
    public static ReadOnlySpan<byte> MediaType => "application/problem+json"u8;

    /// <summary>No longer one is ever written.</summary>
    public const int LengthMax = 512;

    private const int DetailLengthMax = 256;

    /// <summary>Writes an object with type, title, status and detail; returns its length.</summary>
    /// <param name="detail">
    /// A sentence. Quotes and backslashes are escaped, everything outside printable ASCII becomes a question mark, and what
    /// is too long is cut.
    /// </param>
    /// <param name="destination">At least <see cref="LengthMax"/> bytes.</param>
    public static int Format(int status, ReadOnlySpan<byte> detail, Span<byte> destination)
    {
        Invariant.Holds(destination.Length >= LengthMax);
        Span<byte> escaped = stackalloc byte[DetailLengthMax];
        var json = new LineBuilder(destination);
        json.Append("{\"type\":\"about:blank\",\"title\":\""u8);
        json.Append(HttpStatus.ReasonOf(status));
        json.Append("\",\"status\":"u8);
        json.AppendDecimal((ulong)status);
        json.Append(",\"detail\":\""u8);
        json.Append(escaped.Slice(0, Escape(detail, escaped)));
        json.Append("\"}\n"u8);
        return json.Octets.Length;
    }

    private static int Escape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int length = 0;
        for (int i = 0; i < text.Length && length < destination.Length - 1; i++)
        {
            byte octet = text[i];
            if (octet is (byte)'"' or (byte)'\\') destination[length++] = (byte)'\\';
            destination[length++] = octet is >= 0x20 and < 0x7f ? octet : (byte)'?';
        }
        return length;
    }
}
