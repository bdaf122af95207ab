using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/cluster: the nodes that config get cluster tells.</summary>
/// <remarks>
/// The exchange's second cursor is the version that is told, its cursor where the next node begins in the list's text. A
/// list that is replaced while it is told is cut off.
/// </remarks>
internal static class ClusterResource
{
    /// <summary>An entity tag with its quotes, at most.</summary>
    public const int EntityTagLengthMax = AsciiDecimal.MaxLength + 2;

    /// <summary>Writes the entity tag of a version.</summary>
    public static void AppendEntityTag(long version, ref LineBuilder line)
    {
        line.Append("\""u8);
        line.AppendDecimal((ulong)version);
        line.Append("\""u8);
    }

    /// <summary>As many nodes as fit.</summary>
    public static PieceStatus Write(ClusterNodes nodes, HttpExchange exchange, Span<byte> room, out int length)
    {
        length = 0;
        if (nodes.Version != exchange.SecondCursor) return PieceStatus.Failed;
        ReadOnlySpan<byte> text = nodes.Text;
        int first = text.IndexOf((byte)'\n') + 1;
        int position = (int)exchange.Cursor;
        var piece = new ListPiece(room, follows: position > first);
        if (position == 0)
        {
            piece.Json.BeginObject();
            piece.Json.Member("version"u8, nodes.Version);
            piece.Json.Name("nodes"u8);
            piece.Json.BeginArray();
            bool isBegun = piece.TryKeep();
            Invariant.Holds(isBegun);
            position = first;
        }
        bool isWhole = true;
        while (position < text.Length && isWhole)
        {
            int end = EndOf(text, position);
            WriteOne(ref piece.Json, text.Slice(position, end - position));
            isWhole = piece.TryKeep();
            if (isWhole) position = end + 1;
        }
        if (isWhole)
        {
            piece.Json.EndArray();
            piece.Json.EndObject();
            isWhole = piece.TryKeep();
        }
        exchange.Cursor = position;
        return piece.End(isWhole, out length);
    }

    /// <summary>Where the node's text ends: a space or line feed.</summary>
    private static int EndOf(ReadOnlySpan<byte> text, int position)
    {
        int space = text.Slice(position).IndexOf((byte)' ');
        return space < 0 ? text.Length - 1 : position + space;
    }

    private static void WriteOne(ref JsonWriter json, scoped ReadOnlySpan<byte> node)
    {
        int bar = node.IndexOf((byte)'|');
        ReadOnlySpan<byte> rest = node.Slice(bar + 1);
        int second = rest.IndexOf((byte)'|');
        json.BeginObject();
        json.Member("host"u8, node.Slice(0, bar));
        json.Name("ip"u8);
        if (second > 0) json.String(rest.Slice(0, second));
        else json.Null();
        json.Name("port"u8);
        json.Literal(rest.Slice(second + 1));
        json.EndObject();
    }
}
