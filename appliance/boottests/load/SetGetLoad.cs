using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>Many connections at once, each doing pairs of set and get and comparing every byte.</summary>
internal static class SetGetLoad
{
    private const int ValueSizeMax = 600;

    public static async Task RunAsync(IPEndPoint server, int connectionCount, int pairCount, TimeSpan bound)
    {
        MemcachedConnection[] connections = await OpenAllAsync(server, connectionCount, bound);
        try
        {
            await Task.WhenAll(connections.Select((connection, index) => PairsAsync(connection, index, pairCount)));
        }
        finally
        {
            foreach (MemcachedConnection connection in connections)
                connection.Dispose();
        }
    }

    /// <summary>Each has been answered once, so all are open at the same time on the guest's side, too.</summary>
    public static async Task<MemcachedConnection[]> OpenAllAsync(IPEndPoint server, int count, TimeSpan bound)
    {
        using var gate = new OpeningGate(server, bound);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => gate.OpenAsync()));
    }

    private static async Task PairsAsync(MemcachedConnection connection, int index, int pairCount)
    {
        var random = new Random(index);
        for (int pair = 0; pair < pairCount; pair++)
        {
            string key = $"c{index}-{pair}";
            byte[] value = new byte[random.Next(ValueSizeMax + 1)];
            random.NextBytes(value);
            Expect("STORED", await connection.SetAsync(key, value));
            byte[]? back = await connection.GetAsync(key);
            if (back == null || !back.AsSpan().SequenceEqual(value))
                throw new InvalidDataException($"{key} came back {(back == null ? "empty-handed" : "different")}");
        }
    }

    private static void Expect(string expected, string actual)
    {
        if (actual != expected)
            throw new InvalidDataException($"expected '{expected}', got '{actual}'");
    }
}
