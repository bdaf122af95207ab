using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>
/// /api/v1/log?level=LEVEL&amp;after=SEQUENCE&amp;limit=COUNT: the last lines of the console. A line's sequence is where it
/// begins in all that was ever logged, counted from 1: it grows, with gaps, and never means another line.
/// </summary>
/// <remarks>
/// The exchange's cursor is where to look for the next line, its second cursor how many may still be told, and below that
/// which levels, and whether the list has begun and has a line.
/// </remarks>
internal sealed class LogResource
{
    /// <summary>The most lines of an answer; the ring never has as many.</summary>
    public const int LimitMax = 1000;

    private const int LineLengthMax = 160;
    private const int LeftShift = 4;
    private const long LevelMask = 3;
    private const long HasBegun = 4;
    private const long HasLine = 8;

    // 2001: a clock that shows less was never set.
    private const long UnixSecondsMin = 1_000_000_000;
    private const long MicrosPerSecond = 1_000_000;

    private readonly LogRing _ring;

    public LogResource(LogRing ring) => _ring = ring;

    /// <summary>Reads the parameters; fails if one of them is unknown, or wrong.</summary>
    public bool TryBegin(HttpExchange exchange, ReadOnlySpan<byte> query)
    {
        LogLevel level = LogLevel.Info;
        ulong after = 0;
        ulong limit = LimitMax;
        bool isGood = true;
        bool hasAfter = false;
        var parameters = new QueryReader(query);
        while (isGood && parameters.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (name.SequenceEqual("level"u8))
            {
                isGood = TryLevel(value, out level);
            }
            else if (name.SequenceEqual("after"u8))
            {
                hasAfter = true;
                isGood = AsciiDecimal.TryParse(value, out after) && after <= long.MaxValue;
            }
            else
            {
                isGood = name.SequenceEqual("limit"u8) && AsciiDecimal.TryParse(value, out limit) && limit is >= 1 and <= LimitMax;
            }
        }
        // A line of sequence n begins behind n - 1 bytes.
        ulong position = after;
        if (!hasAfter) SkipAllBut(ref position, level, (int)limit);
        exchange.Cursor = (long)position;
        exchange.SecondCursor = ((long)limit << LeftShift) + (int)level;
        return isGood;
    }

    /// <summary>As many lines as fit.</summary>
    public PieceStatus Write(HttpExchange exchange, Span<byte> room, long nowMicros, long unixSeconds, out int length)
    {
        long state = exchange.SecondCursor & ((1 << LeftShift) - 1);
        long left = exchange.SecondCursor >> LeftShift;
        ulong position = (ulong)exchange.Cursor;
        var piece = new ListPiece(room, follows: (state & HasLine) != 0);
        if ((state & HasBegun) == 0)
        {
            piece.Json.BeginObject();
            piece.Json.Member("first"u8, SequenceOfFirst());
            piece.Json.Member("next"u8, (long)_ring.Written + 1);
            piece.Json.Name("entries"u8);
            piece.Json.BeginArray();
            bool isKept = piece.TryKeep();
            Invariant.Holds(isKept);
            state |= HasBegun;
        }
        Span<byte> line = stackalloc byte[LineLengthMax];
        bool isWhole = true;
        while (left > 0 && TryNext(ref position, (LogLevel)(state & LevelMask), line, out int lineLength))
        {
            WriteOne(ref piece.Json, line.Slice(0, lineLength), position, nowMicros, unixSeconds);
            isWhole = piece.TryKeep();
            if (!isWhole) break;
            state |= HasLine;
            position += (ulong)lineLength + 1;
            left--;
        }
        if (isWhole)
        {
            left = 0;
            piece.Json.EndArray();
            piece.Json.EndObject();
            isWhole = piece.TryKeep();
        }
        exchange.Cursor = (long)position;
        exchange.SecondCursor = (left << LeftShift) + state;
        return piece.End(isWhole, out length);
    }

    /// <summary>Leaves out as many of the oldest lines as there are too many.</summary>
    private void SkipAllBut(ref ulong position, LogLevel level, int limit)
    {
        Span<byte> line = stackalloc byte[LineLengthMax];
        int count = 0;
        ulong at = position;
        while (TryNext(ref at, level, line, out int length))
        {
            count++;
            at += (ulong)length + 1;
        }
        for (int surplus = count - limit; surplus > 0 && TryNext(ref position, level, line, out int length); surplus--)
        {
            position += (ulong)length + 1;
        }
    }

    private long SequenceOfFirst()
    {
        Span<byte> line = stackalloc byte[LineLengthMax];
        ulong position = 0;
        return TryNext(ref position, LogLevel.Info, line, out _) ? (long)position + 1 : (long)_ring.Written + 1;
    }

    /// <summary>The next line that matters as much.</summary>
    private bool TryNext(ref ulong position, LogLevel level, Span<byte> line, out int length)
    {
        while (_ring.TryReadLine(ref position, line, out length))
        {
            ReadOnlySpan<byte> octets = line.Slice(0, Math.Min(length, line.Length));
            if (length <= line.Length && LogLine.TryParse(octets, out LogLine parsed) && parsed.Level <= level) return true;
            position += (ulong)length + 1;
        }
        return false;
    }

    private static void WriteOne(
        ref JsonWriter json, scoped ReadOnlySpan<byte> line, ulong position, long nowMicros, long unixSeconds)
    {
        bool isLine = LogLine.TryParse(line, out LogLine parsed);
        Invariant.Holds(isLine);
        json.BeginObject();
        json.Member("sequence"u8, (long)position + 1);
        json.Name("time"u8);
        long then = unixSeconds - ((nowMicros - parsed.Micros) / MicrosPerSecond);
        if (then < UnixSecondsMin)
        {
            json.Null();
        }
        else
        {
            Span<byte> time = stackalloc byte[Rfc3339.Length];
            Rfc3339.Format(then, time);
            json.String(time);
        }
        json.Name("uptime_seconds"u8);
        json.Seconds(parsed.Micros);
        json.Member("level"u8, NameOf(parsed.Level));
        json.Member("text"u8, parsed.Text);
        json.EndObject();
    }

    private static bool TryLevel(ReadOnlySpan<byte> name, out LogLevel level)
    {
        for (level = LogLevel.Error; level <= LogLevel.Info; level++)
        {
            if (name.SequenceEqual(NameOf(level))) return true;
        }
        level = LogLevel.Info;
        return false;
    }

    private static ReadOnlySpan<byte> NameOf(LogLevel level) => level switch
    {
        LogLevel.Error => "error"u8,
        LogLevel.Warning => "warning"u8,
        LogLevel.Notice => "notice"u8,
        _ => "info"u8,
    };
}
