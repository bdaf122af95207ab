using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>
/// /api/v1/latency: how long the cache's requests took inside the machine, in microseconds, and the buckets that were
/// counted in, as Prometheus has them: each with all that are below its bound.
/// </summary>
internal static class LatencyResource
{
    private const int Median = 500_000;
    private const int NinetiethPercentile = 900_000;
    private const int NinetyNinthPercentile = 990_000;
    private const int ThousandthFromTop = 999_000;

    /// <summary>As many buckets as fit; those in which nothing was counted are left out.</summary>
    /// <param name="exchange">
    /// Its cursor is the next bucket counted from 1, its second cursor how many are in those before.
    /// </param>
    public static PieceStatus Write(LatencyHistogram times, HttpExchange exchange, Span<byte> room, out int length)
    {
        int bucket = (int)exchange.Cursor - 1;
        var piece = new ListPiece(room, follows: exchange.SecondCursor > 0);
        if (bucket < 0)
        {
            bucket = 0;
            WriteStart(ref piece.Json, times);
            bool isBegun = piece.TryKeep();
            Invariant.Holds(isBegun);
        }
        bool isWhole = true;
        for (; bucket < LatencyHistogram.BucketCount; bucket++)
        {
            long count = times.CountOf(bucket);
            if (count == 0) continue;
            WriteOne(ref piece.Json, bucket, exchange.SecondCursor + count);
            isWhole = piece.TryKeep();
            if (!isWhole) break;
            exchange.SecondCursor += count;
        }
        if (isWhole)
        {
            piece.Json.EndArray();
            piece.Json.EndObject();
            isWhole = piece.TryKeep();
        }
        exchange.Cursor = bucket + 1;
        return piece.End(isWhole, out length);
    }

    private static void WriteStart(ref JsonWriter json, LatencyHistogram times)
    {
        json.BeginObject();
        json.Member("count"u8, times.Count);
        json.Member("sum"u8, times.SumMicros);
        json.Member("p50"u8, times.QuantileMicros(Median));
        json.Member("p90"u8, times.QuantileMicros(NinetiethPercentile));
        json.Member("p99"u8, times.QuantileMicros(NinetyNinthPercentile));
        json.Member("p999"u8, times.QuantileMicros(ThousandthFromTop));
        json.Member("max"u8, MaxOf(times));
        json.Name("buckets"u8);
        json.BeginArray();
    }

    /// <summary>The bound of the last bucket that has something in it: up to an eighth too much.</summary>
    private static long MaxOf(LatencyHistogram times)
    {
        int bucket = LatencyHistogram.BucketCount - 1;
        while (bucket >= 0 && times.CountOf(bucket) == 0) bucket--;
        if (bucket < 0) return 0;
        int next = Math.Min(bucket + 1, LatencyHistogram.BucketCount - 1);
        return LatencyHistogram.LowerBoundMicros(next);
    }

    private static void WriteOne(ref JsonWriter json, int bucket, long count)
    {
        json.BeginObject();
        json.Name("le_seconds"u8);
        // The last one has no bound.
        if (bucket == LatencyHistogram.BucketCount - 1) json.Null();
        else json.Seconds(LatencyHistogram.LowerBoundMicros(bucket + 1));
        json.Member("count"u8, count);
        json.EndObject();
    }
}
