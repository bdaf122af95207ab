using System;

namespace Memcachier.Management.Http;

/// <summary>
/// Finds the end of a head that arrives piece by piece, looking at each octet once, and refuses what no head may
/// contain (RFC 9112 §2.2): a line feed or carriage return alone, and control characters. What it says depends on the
/// octets only, not on how they were cut.
/// </summary>
internal struct HeadScanner
{
    private int _position;
    private int _lineStart;

    /// <param name="octets">All of the head so far: what was given last time, and more.</param>
    /// <param name="length">Of the head with its empty line, if <see cref="HeadStatus.Done"/>.</param>
    public HeadStatus Scan(ReadOnlySpan<byte> octets, out int length, out RequestError error)
    {
        length = 0;
        error = RequestError.None;
        int end = Math.Min(octets.Length, HttpLimits.HeadLengthMax);
        int position = _position;
        while (position < end && error == RequestError.None)
        {
            byte octet = octets[position];
            if (octet is >= 0x20 and not 0x7f or (byte)'\t')
            {
                position++;
                continue;
            }
            if (octet != '\r')
            {
                error = octet == '\n' ? RequestError.BareLineFeed : RequestError.ControlCharacter;
                break;
            }
            if (position + 1 == end) break;
            if (octets[position + 1] != '\n')
            {
                error = RequestError.BareCarriageReturn;
            }
            else if (position > _lineStart)
            {
                position += 2;
                _lineStart = position;
            }
            else if (position == 0)
            {
                error = RequestError.EmptyLines;
            }
            else
            {
                length = position + 2;
                return HeadStatus.Done;
            }
        }
        _position = position;
        if (error == RequestError.None && end == HttpLimits.HeadLengthMax)
        {
            error = _lineStart == 0 ? RequestError.TargetTooLong : RequestError.HeadTooLarge;
        }
        return error == RequestError.None ? HeadStatus.NeedMoreData : HeadStatus.Malformed;
    }
}
