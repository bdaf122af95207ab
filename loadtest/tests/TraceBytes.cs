using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Tests;

/// <summary>Writes traces.</summary>
internal static class TraceBytes
{
    public static byte[] Int32(params IEnumerable<int> keys) => [.. keys.SelectMany(key =>
    {
        byte[] record = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(record, key);
        return record;
    })];

    public static byte[] Int64(params IEnumerable<long> keys) => [.. keys.SelectMany(key =>
    {
        byte[] record = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(record, key);
        return record;
    })];

    /// <summary>Keys of which few are asked for often; the same ones in every run.</summary>
    public static int[] SkewedKeys(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(2000 * Math.Pow(random.NextDouble(), 3)))];
    }
}
