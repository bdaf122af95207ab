using System;
using Memcachier.Management.Http;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/stats and /api/v1/stats/KIND: the lines of memcached's stats as one object.</summary>
internal static class StatsResource
{
    // "STAT name value\r\n": a name of at most 60 letters, a value of at most 300.
    private const int LineLengthMax = 512;

    /// <summary>Which table a path asks for; fails for those that are not told here.</summary>
    /// <param name="name">Empty for the general one.</param>
    public static bool TryKind(ReadOnlySpan<byte> name, out StatsKind kind)
    {
        kind = StatsKind.General;
        if (name.Length == 0) return true;
        if (name.SequenceEqual("settings"u8)) kind = StatsKind.Settings;
        else if (name.SequenceEqual("items"u8)) kind = StatsKind.Items;
        else if (name.SequenceEqual("slabs"u8)) kind = StatsKind.Slabs;
        else if (name.SequenceEqual("sizes"u8)) kind = StatsKind.Sizes;
        else return false;
        return true;
    }

    /// <summary>As many lines as fit. A value that looks like a number is one.</summary>
    /// <param name="exchange">Its cursor is the index of the next line, its second cursor the table.</param>
    public static PieceStatus Write(StatsReport report, HttpExchange exchange, Span<byte> room, out int length)
    {
        var kind = (StatsKind)exchange.SecondCursor;
        Span<byte> line = stackalloc byte[LineLengthMax];
        int index = (int)exchange.Cursor;
        var piece = new ListPiece(room, follows: index > 0);
        if (index == 0) piece.Json.BeginObject();
        bool isLast;
        while (true)
        {
            int next = index;
            int lineLength = report.Format(kind, ref next, line);
            isLast = lineLength == 0;
            if (isLast) piece.Json.EndObject();
            else WriteMember(ref piece, line.Slice(0, lineLength));
            if (!piece.TryKeep())
            {
                isLast = false;
                break;
            }
            if (isLast) break;
            index = next;
        }
        exchange.Cursor = index;
        return piece.End(isLast, out length);
    }

    private static void WriteMember(ref ListPiece piece, scoped ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line.Slice("STAT "u8.Length, line.Length - "STAT "u8.Length - "\r\n"u8.Length);
        int space = rest.IndexOf((byte)' ');
        piece.Json.Name(rest.Slice(0, space));
        ReadOnlySpan<byte> value = rest.Slice(space + 1);
        if (IsNumber(value)) piece.Json.Literal(value);
        else piece.Json.String(value);
    }

    /// <summary>Digits, perhaps with a fraction, and no zero in front that JSON does not allow (RFC 8259 §6).</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text.Slice(0, point);
        if (whole.Length > 1 && whole[0] == '0') return false;
        return AreDigits(whole) && (point < 0 || AreDigits(text.Slice(point + 1)));
    }

    private static bool AreDigits(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < (byte)'0' or > (byte)'9') return false;
        }
        return text.Length > 0;
    }
}
