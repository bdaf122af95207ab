using System;

namespace Memcachier.Management.Http;

/// <summary>
/// Takes a body out of its framing (RFC 9112 §6 and §7.1), octet by octet where it is chunked. Extensions and trailers
/// are checked, bounded and dropped.
/// </summary>
internal struct BodyDecoder
{
    // Sixteen digits are 64 bits; fewer would refuse zeros that a client may well write in front.
    private const int SizeDigitsMax = 16;

    private BodyStep _step;
    private long _remaining;
    private int _digits;
    private int _extensionLength;
    private int _trailerLength;

    /// <summary>Bytes of the body that were taken out so far.</summary>
    public int Length { get; private set; }

    public readonly bool IsDone => _step == BodyStep.Done;

    public void Begin(in RequestHead head)
    {
        this = default;
        _step = BodyStep.Size;
        if (head.IsChunked) return;
        _remaining = Math.Max(head.ContentLength, 0);
        _step = _remaining > 0 ? BodyStep.Plain : BodyStep.Done;
    }

    /// <summary>Takes input up to the end of the body.</summary>
    /// <param name="limit">The most bytes of a body.</param>
    /// <param name="destination">Where the body goes; empty if nobody wants it.</param>
    public RequestError Decode(ref ReadOnlySpan<byte> input, int limit, Span<byte> destination)
    {
        RequestError error = RequestError.None;
        while (input.Length > 0 && _step != BodyStep.Done && error == RequestError.None)
        {
            if (_step is BodyStep.Data or BodyStep.Plain)
            {
                TakeData(ref input, destination);
                continue;
            }
            error = Take(input[0], limit);
            input = input.Slice(1);
        }
        return error;
    }

    private void TakeData(ref ReadOnlySpan<byte> input, Span<byte> destination)
    {
        int count = (int)Math.Min(input.Length, _remaining);
        if (destination.Length > 0) input.Slice(0, count).CopyTo(destination.Slice(Length));
        input = input.Slice(count);
        Length += count;
        _remaining -= count;
        if (_remaining == 0) _step = _step == BodyStep.Plain ? BodyStep.Done : BodyStep.DataReturn;
    }

    private RequestError Take(byte octet, int limit)
    {
        switch (_step)
        {
            case BodyStep.Size:
                return TakeSize(octet, limit);
            case BodyStep.Extension:
                if (octet == '\r') return EndSize(limit);
                if (IsControl(octet)) return RequestError.BadChunk;
                return ++_extensionLength > HttpLimits.ChunkExtensionLengthMax
                    ? RequestError.ChunkExtensionsTooLong
                    : RequestError.None;
            case BodyStep.SizeLineFeed:
                return Expect(octet, '\n', _remaining > 0 ? BodyStep.Data : BodyStep.TrailerStart);
            case BodyStep.DataReturn:
                return Expect(octet, '\r', BodyStep.DataLineFeed);
            case BodyStep.DataLineFeed:
                _digits = 0;
                return Expect(octet, '\n', BodyStep.Size);
            case BodyStep.LastLineFeed:
                return Expect(octet, '\n', BodyStep.Done);
            default:
                return TakeTrailer(octet);
        }
    }

    private RequestError TakeSize(byte octet, int limit)
    {
        int digit = Ascii.HexValue(octet);
        if (digit >= 0)
        {
            if (++_digits > SizeDigitsMax) return RequestError.BadChunk;
            // Beyond what any body may have it need not be exact.
            _remaining = Math.Min((_remaining << 4) | (uint)digit, int.MaxValue);
            return RequestError.None;
        }
        if (_digits == 0) return RequestError.BadChunk;
        if (octet == '\r') return EndSize(limit);
        if (octet != ';') return RequestError.BadChunk;
        _extensionLength++;
        _step = BodyStep.Extension;
        return RequestError.None;
    }

    private RequestError EndSize(int limit)
    {
        _step = BodyStep.SizeLineFeed;
        return _remaining > limit - Length ? RequestError.BodyTooLarge : RequestError.None;
    }

    private RequestError TakeTrailer(byte octet)
    {
        if (octet != '\r' && ++_trailerLength > HttpLimits.TrailerLengthMax) return RequestError.TrailersTooLarge;
        switch (_step)
        {
            case BodyStep.TrailerStart when octet == '\r':
                _step = BodyStep.LastLineFeed;
                return RequestError.None;
            case BodyStep.TrailerStart:
                _step = BodyStep.TrailerName;
                return Ascii.IsToken(octet) ? RequestError.None : RequestError.BadTrailer;
            case BodyStep.TrailerName:
                if (octet == ':') _step = BodyStep.TrailerValue;
                return octet == ':' || Ascii.IsToken(octet) ? RequestError.None : RequestError.BadTrailer;
            case BodyStep.TrailerValue:
                if (octet == '\r') _step = BodyStep.TrailerLineFeed;
                return octet == '\r' || !IsControl(octet) ? RequestError.None : RequestError.BadTrailer;
            default:
                _step = BodyStep.TrailerStart;
                return octet == '\n' ? RequestError.None : RequestError.BadTrailer;
        }
    }

    private RequestError Expect(byte octet, char expected, BodyStep next)
    {
        _step = next;
        return octet == expected ? RequestError.None : RequestError.BadChunk;
    }

    private static bool IsControl(byte octet) => octet is < 0x20 and not (byte)'\t' or 0x7f;
}
