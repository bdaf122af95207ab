using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// Says random things to a server over TCP, on several connections at once, and what it hears must be well framed. A
/// client that behaves keeps its own connection all the while. In the end the server has to have as much of everything
/// as in the beginning.
/// </summary>
public sealed class LiveFuzzer
{
    private const int WitnessInterval = 32;

    // A server that does not answer for so long is taken for dead.
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(20);

    private static readonly string[] s_pools =
        ["curr_connections", "memcachier_segments_held", "memcachier_chunks_free", "memcachier_arena_bytes_used"];

    /// <summary>QEMU's user network has connections that come at once wait for seconds.</summary>
    private readonly SemaphoreSlim _connecting = new(1);

    private readonly IPEndPoint _server;
    private readonly ulong _seed;
    private long _count;

    public LiveFuzzer(IPEndPoint server, ulong seed)
    {
        _server = server;
        _seed = seed;
    }

    /// <summary>Inputs that were said.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <param name="connectionCount">How many connections there are at a time, beside the one that behaves.</param>
    /// <param name="duration">How long to go on.</param>
    /// <exception cref="FuzzFailure">Something that must never happen did.</exception>
    public async Task RunAsync(int connectionCount, TimeSpan duration)
    {
        using TcpClient witness = await ConnectAsync();
        // What is opened once stays open.
        _ = await IsWitnessRightAsync(witness, _seed);
        string before = await PoolsAsync(witness);
        using var end = new CancellationTokenSource(duration);
        var clients = new List<Task>();
        for (int i = 0; i < connectionCount; i++) clients.Add(SpeakAsync(_seed + (ulong)i, end.Token));
        clients.Add(BehaveAsync(witness, end.Token));
        // The first that fails ends the others.
        foreach (Task client in clients) _ = client.ContinueWith(_ => end.Cancel(), TaskContinuationOptions.OnlyOnFaulted);
        await Task.WhenAll(clients);
        string after = await PoolsAsync(witness);
        for (int wait = 0; before != after && wait < 50; wait++)
        {
            // The last connections may still be on their way out.
            await Task.Delay(100, CancellationToken.None);
            after = await PoolsAsync(witness);
        }
        if (before != after) throw new FuzzFailure($"after {Count} inputs something is missing:\n{before}\n{after}");
    }

    private async Task SpeakAsync(ulong seed, CancellationToken end)
    {
        var source = new InputSource(seed);
        var features = new Features();
        var random = new Prng(seed);
        while (!end.IsCancellationRequested)
        {
            Input input = source.Next();
            try
            {
                byte[] answer = await ConverseAsync(input.Octets, random.Next());
                features.Begin();
                int at = Replies.Read(input, answer, features);
                if (at >= 0) throw new FuzzFailure($"no answer of the protocol, at {at}: {Octets.Escape(answer)}");
            }
            catch (Exception e)
            {
                throw new FuzzFailure($"seed {seed}, input {Count}: {e.Message}\nsaid: {Octets.Escape(input.Octets.Span)}", e);
            }
            if (features.Learn()) source.Keep(input.Octets.ToArray());
            _ = Interlocked.Increment(ref _count);
        }
    }

    /// <summary>Sends it in pieces, and reads until the server closes the connection.</summary>
    private async Task<byte[]> ConverseAsync(ReadOnlyMemory<byte> input, ulong seed)
    {
        var random = new Prng(seed);
        using TcpClient client = await ConnectAsync();
        using var limit = new CancellationTokenSource(s_bound);
        Task<byte[]> reading = ReadToEndAsync(client.GetStream(), limit.Token);
        try
        {
            int pieceLengthMax = random.Chance(1, 2) ? input.Length : 1 + (int)random.Below(400);
            while (input.Length > 0)
            {
                int length = 1 + (int)random.Below((uint)Math.Min(input.Length, pieceLengthMax));
                await client.GetStream().WriteAsync(input[..length], limit.Token);
                input = input[length..];
            }
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or System.IO.IOException)
        {
            // The server has closed it: it may.
        }
        return await reading;
    }

    private static async Task<byte[]> ReadToEndAsync(NetworkStream stream, CancellationToken limit)
    {
        var answer = new List<byte>();
        byte[] buffer = new byte[1 << 16];
        try
        {
            int length;
            while ((length = await stream.ReadAsync(buffer, limit)) > 0) answer.AddRange(buffer.AsSpan(0, length));
        }
        catch (System.IO.IOException)
        {
            // A connection that is closed with input unread is reset, and what was under way with it is lost.
            return [];
        }
        return answer.ToArray();
    }

    /// <summary>Others say flush_all now and then; but most of what is stored has to be there.</summary>
    private async Task BehaveAsync(TcpClient connection, CancellationToken end)
    {
        ulong seed = _seed;
        int right = 0;
        int flushed = 0;
        while (!end.IsCancellationRequested)
        {
            long next = Count + WitnessInterval;
            if (await IsWitnessRightAsync(connection, seed++)) right++;
            else flushed++;
            while (Count < next && !end.IsCancellationRequested) await Task.Delay(1, CancellationToken.None);
        }
        if (flushed > right) throw new FuzzFailure($"of what was stored, {right} were there and {flushed} were not");
    }

    /// <summary>False if what it had stored was gone.</summary>
    private static async Task<bool> IsWitnessRightAsync(TcpClient connection, ulong seed)
    {
        var random = new Prng(seed);
        var witness = new Witness(ref random);
        using var limit = new CancellationTokenSource(s_bound);
        await connection.GetStream().WriteAsync(witness.Request, limit.Token);
        byte[] answer = await ReadUntilAsync(connection.GetStream(), "END\r\n", count: 2, limit.Token);
        if (answer.AsSpan().SequenceEqual(witness.Answer.Span)) return true;
        bool isFlushed = answer.AsSpan().SequenceEqual(Witness.AnswerOfFlushed) ||
            answer.AsSpan().SequenceEqual(witness.AnswerOfFlushedLater.Span);
        if (isFlushed) return false;
        throw new FuzzFailure($"the one that behaves hears {Octets.Escape(answer)}");
    }

    private static async Task<string> PoolsAsync(TcpClient connection)
    {
        using var limit = new CancellationTokenSource(s_bound);
        await connection.GetStream().WriteAsync("stats\r\n"u8.ToArray(), limit.Token);
        string stats = Encoding.Latin1.GetString(await ReadUntilAsync(connection.GetStream(), "END\r\n", count: 1, limit.Token));
        var pools = new StringBuilder();
        foreach (string name in s_pools)
        {
            int start = stats.IndexOf($"STAT {name} ", StringComparison.Ordinal);
            if (start < 0) continue;
            _ = pools.Append(CultureInfo.InvariantCulture, $"{stats[(start + 5)..stats.IndexOf('\r', start)]}; ");
        }
        return pools.ToString();
    }

    private static async Task<byte[]> ReadUntilAsync(NetworkStream stream, string end, int count, CancellationToken limit)
    {
        var answer = new List<byte>();
        byte[] buffer = new byte[1 << 14];
        while (true)
        {
            int length = await stream.ReadAsync(buffer, limit);
            if (length == 0) throw new FuzzFailure($"closed on the one that behaves, after {Octets.Escape(answer.ToArray())}");
            answer.AddRange(buffer.AsSpan(0, length));
            string text = Encoding.Latin1.GetString(answer.ToArray());
            if (text.Split(end).Length > count && text.EndsWith(end, StringComparison.Ordinal)) return answer.ToArray();
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { NoDelay = true };
        using var limit = new CancellationTokenSource(s_bound);
        await _connecting.WaitAsync(limit.Token);
        try
        {
            await client.ConnectAsync(_server, limit.Token);
        }
        finally
        {
            _ = _connecting.Release();
        }
        return client;
    }
}
