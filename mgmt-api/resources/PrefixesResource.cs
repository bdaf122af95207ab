using System;
using Memcachier.Management.Http;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/prefixes: what stats detail counts (-D, or stats detail on).</summary>
internal static class PrefixesResource
{
    /// <summary>As many prefixes as fit.</summary>
    /// <param name="exchange">Its cursor is the index of the next one.</param>
    public static PieceStatus Write(PrefixStatistics prefixes, HttpExchange exchange, Span<byte> room, out int length)
    {
        int index = (int)exchange.Cursor;
        var piece = new ListPiece(room, follows: index > 0);
        if (index == 0)
        {
            Span<byte> delimiter = stackalloc byte[1];
            delimiter[0] = prefixes.Delimiter;
            piece.Json.BeginObject();
            piece.Json.Member("is_counting"u8, prefixes.IsEnabled);
            piece.Json.Member("delimiter"u8, (ReadOnlySpan<byte>)delimiter);
            piece.Json.Name("prefixes"u8);
            piece.Json.BeginArray();
            _ = piece.TryKeep();
        }
        while (prefixes.TryGet(index, out ReadOnlySpan<byte> prefix, out PrefixNumbers numbers))
        {
            piece.Json.BeginObject();
            piece.Json.Member("prefix"u8, prefix);
            piece.Json.Member("gets"u8, numbers.Gets);
            piece.Json.Member("hits"u8, numbers.Hits);
            piece.Json.Member("sets"u8, numbers.Sets);
            piece.Json.Member("deletes"u8, numbers.Deletes);
            piece.Json.EndObject();
            if (!piece.TryKeep())
            {
                exchange.Cursor = index;
                return piece.End(isLast: false, out length);
            }
            index++;
        }
        exchange.Cursor = index;
        piece.Json.EndArray();
        piece.Json.EndObject();
        return piece.End(piece.TryKeep(), out length);
    }
}
