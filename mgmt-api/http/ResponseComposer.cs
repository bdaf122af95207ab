using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Management.Http;

/// <summary>
/// Where a response's head and a short body are put together before they go into an output. All connections share one,
/// for none is left half done.
/// </summary>
internal sealed class ResponseComposer
{
    /// <summary>The most bytes of a head.</summary>
    public const int HeadLengthMax = 1536;

    /// <summary>The most bytes of a body that is composed with its head.</summary>
    public const int BodyLengthMax = 1024;

    // What a site may have said itself, and would be said for it otherwise.
    private bool _hasCacheControl;
    private bool _hasPolicy;
    private readonly byte[] _head = new byte[HeadLengthMax];
    private readonly byte[] _body = new byte[BodyLengthMax];
    private readonly byte[] _date = new byte[ImfFixdate.Length];
    private long _dateSeconds = -1;
    private int _headLength;
    private int _bodyLength;

    /// <summary>A head was begun and not sent.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Sets the wall clock. Until then there is no Date field, as RFC 9110 §6.6.1 wants it without a clock.</summary>
    public void SetTime(long unixSeconds)
    {
        if (unixSeconds == _dateSeconds) return;
        _dateSeconds = unixSeconds;
        ImfFixdate.Format(unixSeconds, _date);
    }

    /// <summary>Status line, date and what is on every response.</summary>
    public void Begin(int status)
    {
        _headLength = 0;
        _bodyLength = 0;
        _hasCacheControl = false;
        _hasPolicy = false;
        IsOpen = true;
        Append("HTTP/1.1 "u8);
        AppendNumber(status);
        Append(" "u8);
        Append(HttpStatus.ReasonOf(status));
        Append("\r\n"u8);
        if (_dateSeconds >= 0) Field("Date"u8, _date);
        Append("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n"u8);
        Append("Cross-Origin-Resource-Policy: same-origin\r\n"u8);
    }

    /// <summary>Adds a field. Control characters in the value become spaces: no value can add another field.</summary>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Invariant.Holds(IsOpen);
        _hasCacheControl |= Ascii.EqualsIgnoreCase(name, "cache-control"u8);
        _hasPolicy |= Ascii.EqualsIgnoreCase(name, "content-security-policy"u8);
        Append(name);
        Append(": "u8);
        int start = _headLength;
        Append(value);
        for (int i = start; i < _headLength; i++)
        {
            if (_head[i] is < 0x20 or 0x7f) _head[i] = (byte)' ';
        }
        Append("\r\n"u8);
    }

    public void LengthField(long length)
    {
        Append("Content-Length: "u8);
        AppendNumber(length);
        Append("\r\n"u8);
    }

    /// <summary>Keeps a body to be sent together with the head.</summary>
    public void Body(ReadOnlySpan<byte> body)
    {
        Invariant.Holds(body.Length <= BodyLengthMax);
        body.CopyTo(_body);
        _bodyLength = body.Length;
    }

    /// <summary>Appends all of it to an output that has the space; returns the number of bytes.</summary>
    public int Send(ChunkQueue output)
    {
        if (!_hasCacheControl) Field("Cache-Control"u8, "no-store"u8);
        if (!_hasPolicy) Field("Content-Security-Policy"u8, "default-src 'none'; frame-ancestors 'none'"u8);
        Append("\r\n"u8);
        IsOpen = false;
        bool isSent = output.TryAppend(new ReadOnlySpan<byte>(_head, 0, _headLength));
        Invariant.Holds(isSent);
        isSent = output.TryAppend(new ReadOnlySpan<byte>(_body, 0, _bodyLength));
        Invariant.Holds(isSent);
        return _headLength + _bodyLength;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        Invariant.Holds(text.Length <= HeadLengthMax - _headLength);
        text.CopyTo(new Span<byte>(_head, _headLength, text.Length));
        _headLength += text.Length;
    }

    private void AppendNumber(long value)
    {
        Span<byte> digits = stackalloc byte[AsciiDecimal.MaxLength];
        Append(digits.Slice(0, AsciiDecimal.Format((ulong)value, digits)));
    }
}
