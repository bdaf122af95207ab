using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>
/// Stores items with distinct keys, none of which is ever read, without waiting for answers, until the server evicts
/// and has no more of them than an eighth of its items ago. The same items in the same order for every server.
/// </summary>
internal sealed class QuietFill
{
    private const int Seed = 2020;
    private const int BatchLength = 1 << 20;

    /// <summary>Room for the longest item behind a batch that is not full yet.</summary>
    private const int BatchSlack = 128 << 10;

    private const int BatchesPerLook = 4;

    private const int GrowthShare = 8;

    /// <summary>A server whose items differ goes up and down by a segment or a page.</summary>
    private const double GrowthMax = 1.002;

    private readonly Func<Random, ItemShape> _draw;
    private readonly Random _random = new(Seed);
    private readonly byte[] _batch = new byte[BatchLength + BatchSlack];
    private long _count;

    private readonly bool _mayRefuse;

    private QuietFill(Func<Random, ItemShape> draw, bool mayRefuse)
    {
        _draw = draw;
        _mayRefuse = mayRefuse;
    }

    /// <summary>The server's statistics when it was full. Fails if it did not store every item.</summary>
    /// <param name="server">Who is filled.</param>
    /// <param name="draw">What with.</param>
    /// <param name="bound">For each answer.</param>
    /// <param name="mayRefuse">
    /// It need not store each item. memcached has "out of memory storing object" for some if its threads that move items to
    /// where they can be evicted do not come to their turn.
    /// </param>
    public static async Task<IReadOnlyDictionary<string, string>> RunAsync(
        IPEndPoint server, Func<Random, ItemShape> draw, TimeSpan bound, bool mayRefuse = false)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, bound);
        return await new QuietFill(draw, mayRefuse).RunAsync(connection);
    }

    public static long Number(IReadOnlyDictionary<string, string> stats, string name) =>
        long.Parse(stats[name], CultureInfo.InvariantCulture);

    private async Task<IReadOnlyDictionary<string, string>> RunAsync(MemcachedConnection connection)
    {
        long itemsBefore = 0;
        long next = 0;
        while (true)
        {
            for (int i = 0; i < BatchesPerLook; i++) await connection.SendAsync(_batch.AsMemory(0, FillBatch()));
            IReadOnlyDictionary<string, string> stats = await connection.StatsAsync();
            if (!_mayRefuse && Number(stats, "total_items") != _count)
                throw new InvalidDataException($"of {_count} items {stats["total_items"]} were stored by {stats["version"]}");
            if (Number(stats, "evictions") == 0 || _count < next) continue;
            long items = Number(stats, "curr_items");
            if (items <= itemsBefore * GrowthMax) return stats;
            itemsBefore = items;
            next = _count + (items / GrowthShare);
        }
    }

    /// <summary>Sets one behind the other; the length of them all.</summary>
    private int FillBatch()
    {
        int length = 0;
        while (length < BatchLength)
        {
            ItemShape shape = _draw(_random);
            length += Encoding.ASCII.GetBytes("set ", _batch.AsSpan(length));
            WriteKey(_batch.AsSpan(length, shape.KeyLength));
            length += shape.KeyLength;
            length += Encoding.ASCII.GetBytes(
                $" 0 {shape.Exptime} {shape.ValueLength} noreply\r\n", _batch.AsSpan(length));
            _batch.AsSpan(length, shape.ValueLength).Fill((byte)'v');
            length += shape.ValueLength;
            length += Encoding.ASCII.GetBytes("\r\n", _batch.AsSpan(length));
        }
        return length;
    }

    /// <summary>The item's number, with leading zeros.</summary>
    private void WriteKey(Span<byte> key)
    {
        bool isWritten = _count++.TryFormat(
            key, out int length, $"D{key.Length}", CultureInfo.InvariantCulture);
        if (!isWritten || length != key.Length)
            throw new InvalidDataException($"a key of {key.Length} bytes is too short for number {_count}");
    }
}
