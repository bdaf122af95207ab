using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>A well-behaved client that sets and gets while others misbehave, and has to notice nothing.</summary>
internal sealed class Witness
{
    private const string Key = "witness";

    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    private Witness(MemcachedConnection connection) => _work = WorkAsync(connection);

    public int Count { get; private set; }

    public TimeSpan Worst { get; private set; }

    public static async Task<Witness> StartAsync(IPEndPoint server, TimeSpan bound) =>
        new(await MemcachedConnection.OpenAsync(server, bound));

    /// <summary>Throws what went wrong meanwhile, if anything did.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _work;
        _end.Dispose();
    }

    private async Task WorkAsync(MemcachedConnection connection)
    {
        using (connection)
        {
            for (; !_end.IsCancellationRequested; Count++)
            {
                byte[] value = BitConverter.GetBytes(Count);
                long start = Stopwatch.GetTimestamp();
                if (await connection.SetAsync(Key, value) != "STORED")
                    throw new InvalidDataException("the witness could not store");
                byte[]? back = await connection.GetAsync(Key);
                if (back == null || !back.AsSpan().SequenceEqual(value))
                    throw new InvalidDataException("the witness got a wrong value");
                TimeSpan took = Stopwatch.GetElapsedTime(start);
                Worst = took > Worst ? took : Worst;
            }
        }
    }
}
