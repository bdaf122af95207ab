using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>
/// What the fields mean that decide where a request ends and whom it is for. Wherever two readers could disagree about
/// that, the request is refused, even if RFC 9112 would allow one reading: that is how requests are smuggled.
/// </summary>
internal ref struct HeadSemantics
{
    private ReadOnlySpan<byte> _host;
    private int _hostCount;
    private bool _hasCoding;
    private bool _endsInChunked;
    private bool _hasOtherCoding;
    private bool _closes;
    private bool _keepsAlive;

    /// <summary>Looks at one field.</summary>
    /// <param name="value">With the space around it.</param>
    public RequestError See(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref RequestHead head)
    {
        switch (name.Length)
        {
            case 4 when Ascii.EqualsIgnoreCase(name, "host"u8):
                _host = Ascii.Trim(value);
                return ++_hostCount > 1 ? RequestError.DuplicateHost : RequestError.None;
            case 6 when Ascii.EqualsIgnoreCase(name, "expect"u8):
                SeeExpect(value, ref head);
                return RequestError.None;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                SeeConnection(value);
                return RequestError.None;
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return SeeContentLength(value, ref head);
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                return SeeTransferEncoding(value);
            default:
                return RequestError.None;
        }
    }

    /// <summary>Looks at what says how long the body is, all together: of a request, or of a response.</summary>
    public readonly RequestError ConcludeFraming(ref RequestHead head)
    {
        if (!_hasCoding) return RequestError.None;
        if (head.ContentLength != RequestHead.NoLength) return RequestError.LengthAndCoding;
        if (head.IsOldVersion) return RequestError.CodingInOldVersion;
        if (!_endsInChunked) return RequestError.BadTransferCoding;
        if (_hasOtherCoding) return RequestError.UnknownTransferCoding;
        head.IsChunked = true;
        return RequestError.None;
    }

    /// <summary>Looks at all of a request together.</summary>
    public readonly RequestError Conclude(ref RequestHead head)
    {
        RequestError error = ConcludeFraming(ref head);
        if (error != RequestError.None) return error;
        // RFC 9112 §3.2: exactly one in HTTP/1.1, whatever the target says.
        if (_hostCount == 0 && !head.IsOldVersion) return RequestError.MissingHost;
        if (_hostCount > 0 && !TargetParser.IsAuthority(_host)) return RequestError.BadHost;
        if (head.Authority.Length == 0) head.Authority = _host;
        head.KeepsAlive = !_closes && (!head.IsOldVersion || _keepsAlive);
        if (head.IsOldVersion) head.Expectation = Expectation.None;
        return head.Expectation == Expectation.Unknown ? RequestError.ExpectationFailed : RequestError.None;
    }

    private static void SeeExpect(ReadOnlySpan<byte> value, ref RequestHead head)
    {
        while (Ascii.TryNextElement(ref value, out ReadOnlySpan<byte> element))
        {
            if (element.Length == 0) continue;
            if (!Ascii.EqualsIgnoreCase(element, "100-continue"u8)) head.Expectation = Expectation.Unknown;
            else if (head.Expectation == Expectation.None) head.Expectation = Expectation.Continue;
        }
    }

    private void SeeConnection(ReadOnlySpan<byte> value)
    {
        while (Ascii.TryNextElement(ref value, out ReadOnlySpan<byte> element))
        {
            _closes |= Ascii.EqualsIgnoreCase(element, "close"u8);
            _keepsAlive |= Ascii.EqualsIgnoreCase(element, "keep-alive"u8);
        }
    }

    /// <summary>RFC 9110 §8.6 allows a list of equal numbers to be accepted; it is refused here.</summary>
    private static RequestError SeeContentLength(ReadOnlySpan<byte> value, ref RequestHead head)
    {
        if (head.ContentLength != RequestHead.NoLength) return RequestError.DuplicateContentLength;
        ReadOnlySpan<byte> digits = TrimSpaces(value);
        if (digits.Length == 0) return RequestError.BadContentLength;
        for (int i = 0; i < digits.Length; i++)
        {
            if (!Ascii.IsDigit(digits[i])) return RequestError.BadContentLength;
        }
        // A number of any length is one (§8.6), but none of that size is a body's.
        bool isSmall = AsciiDecimal.TryParse(digits, out ulong length) && length <= long.MaxValue;
        head.ContentLength = isSmall ? (long)length : long.MaxValue;
        return RequestError.None;
    }

    /// <summary>RFC 9112 §6.1 and §7: chunked once, as the last of all codings.</summary>
    private RequestError SeeTransferEncoding(ReadOnlySpan<byte> value)
    {
        _hasCoding = true;
        value = TrimSpaces(value);
        if (value.Length == 0) return RequestError.BadTransferCoding;
        bool isMore = true;
        while (isMore)
        {
            int comma = value.IndexOf((byte)',');
            isMore = comma >= 0;
            ReadOnlySpan<byte> coding = TrimSpaces(isMore ? value.Slice(0, comma) : value);
            if (isMore) value = value.Slice(comma + 1);
            // No parameters, no empty elements, no tabs: nobody needs them who means well.
            if (!Ascii.IsToken(coding)) return RequestError.BadTransferCoding;
            if (_endsInChunked) return RequestError.BadTransferCoding;
            _endsInChunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
            _hasOtherCoding |= !_endsInChunked;
        }
        return RequestError.None;
    }

    private static ReadOnlySpan<byte> TrimSpaces(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && text[start] == ' ') start++;
        while (end > start && text[end - 1] == ' ') end--;
        return text.Slice(start, end - start);
    }
}
