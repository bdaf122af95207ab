using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>Writes the fields of an event as memcached's logger does: NAME=VALUE, a space before each.</summary>
internal ref struct EventLine
{
    private LineBuilder _line;

    /// <param name="room">At least <see cref="EventLog.LineLengthMax"/> bytes.</param>
    public EventLine(Span<byte> room, in EventClock clock, ulong gid, scoped ReadOnlySpan<byte> type)
    {
        _line = new LineBuilder(room);
        _line.Append("ts="u8);
        _line.AppendDecimal((ulong)clock.Seconds);
        // Without leading zeros: that is how memcached prints its struct timeval.
        _line.Append("."u8);
        _line.AppendDecimal((ulong)clock.Micros);
        Add(" gid="u8, gid);
        Add(" type="u8, type);
    }

    public void Add(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> text)
    {
        _line.Append(name);
        _line.Append(text);
    }

    public void Add(scoped ReadOnlySpan<byte> name, ulong value)
    {
        _line.Append(name);
        _line.AppendDecimal(value);
    }

    public void AddSigned(scoped ReadOnlySpan<byte> name, long value)
    {
        _line.Append(name);
        if (value < 0) _line.Append("-"u8);
        _line.AppendDecimal((ulong)Math.Abs(value));
    }

    /// <summary>A key, all but letters, digits and four signs percent-encoded (RFC 3986 §2.3).</summary>
    public void AddKey(scoped ReadOnlySpan<byte> key)
    {
        _line.Append(" key="u8);
        for (int start = 0; start < key.Length;)
        {
            int length = 0;
            while (start + length < key.Length && IsUnreserved(key[start + length])) length++;
            _line.Append(key.Slice(start, length));
            start += length;
            if (start == key.Length) break;
            Escape(key[start++]);
        }
    }

    /// <summary>Ends the line; its length.</summary>
    public int End()
    {
        _line.Append("\n"u8);
        return _line.Octets.Length;
    }

    private void Escape(byte octet)
    {
        ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
        Span<byte> escaped = stackalloc byte[3];
        escaped[0] = (byte)'%';
        escaped[1] = digits[octet >> 4];
        escaped[2] = digits[octet & 15];
        _line.Append(escaped);
    }

    private static bool IsUnreserved(byte octet)
    {
        byte letter = (byte)(octet | 0x20);
        return letter is >= (byte)'a' and <= (byte)'z'
            || octet is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';
    }
}
