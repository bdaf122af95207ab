using System;
using Memcachier.Cache;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/segments: what the store's memory is used for, a piece at a time.</summary>
internal static class SegmentsResource
{
    /// <summary>As many segments as fit.</summary>
    /// <param name="exchange">Its cursor is the index of the next one.</param>
    public static PieceStatus Write(Store store, HttpExchange exchange, Span<byte> room, out int length)
    {
        int index = (int)exchange.Cursor;
        var piece = new ListPiece(room, follows: index > 0);
        if (index == 0)
        {
            piece.Json.BeginObject();
            piece.Json.Member("segment_bytes"u8, store.SegmentSize);
            piece.Json.Name("segments"u8);
            piece.Json.BeginArray();
        }
        bool isWhole = true;
        while (index < store.SegmentCount)
        {
            WriteOne(ref piece.Json, index, store.NumbersOf(index));
            isWhole = piece.TryKeep();
            if (!isWhole) break;
            index++;
        }
        if (isWhole)
        {
            piece.Json.EndArray();
            piece.Json.EndObject();
            isWhole = piece.TryKeep();
        }
        exchange.Cursor = index;
        return piece.End(isWhole, out length);
    }

    private static void WriteOne(ref JsonWriter json, int index, in SegmentNumbers numbers)
    {
        bool hasItems = numbers.State is SegmentState.Open or SegmentState.Sealed or SegmentState.Sparse
            or SegmentState.Evicting or SegmentState.Drained;
        json.BeginObject();
        json.Member("id"u8, index);
        json.Member("state"u8, NameOf(numbers.State));
        if (hasItems)
        {
            json.Member("queue"u8, numbers.IsMain ? "main"u8 : "small"u8);
            json.Member("used_bytes"u8, numbers.UsedBytes);
            json.Member("live_bytes"u8, numbers.LiveBytes);
            json.Member("holds"u8, numbers.HoldCount);
            json.Member("age_seconds"u8, numbers.AgeSeconds);
        }
        json.EndObject();
    }

    private static ReadOnlySpan<byte> NameOf(SegmentState state) => state switch
    {
        SegmentState.Free => "free"u8,
        SegmentState.Open => "open"u8,
        SegmentState.Sealed => "sealed"u8,
        SegmentState.Sparse => "sparse"u8,
        SegmentState.Evicting => "evicting"u8,
        SegmentState.Drained => "drained"u8,
        SegmentState.Index => "index"u8,
        _ => "withheld"u8,
    };
}
