using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>
/// Every text command in random order on several connections, compared with a model. Each connection has keys of its
/// own, few enough that nothing is ever evicted, and comes and goes.
/// </summary>
internal sealed class MixedLoad : IDisposable
{
    private const int KeyCount = 40;
    private const int RequestsPerConnection = 400;
    private const int ValueSizeUsual = 2_000;
    private const int ValueSizeMax = 200_000;

    private readonly OpeningGate _gate;

    public MixedLoad(IPEndPoint server, TimeSpan bound) => _gate = new OpeningGate(server, bound);

    public void Dispose() => _gate.Dispose();

    /// <summary>
    /// Returns the number of requests answered rightly; throws on the first wrong one, with the seed.
    /// </summary>
    public async Task<long> RunAsync(int connectionCount, TimeSpan duration, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, connectionCount).Select(
            index => Task.Run(() => WorkAsync(index, seed + index, () => Stopwatch.GetElapsedTime(start) < duration))));
        return counts.Sum();
    }

    private async Task<long> WorkAsync(int index, int seed, Func<bool> goOn)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, byte[]>();
        long count = 0;
        try
        {
            while (goOn())
            {
                using MemcachedConnection connection = await _gate.OpenAsync();
                for (int i = 0; i < RequestsPerConnection && goOn(); i++, count++)
                    await StepAsync(connection, model, $"m{index}-{random.Next(KeyCount)}", random);
            }
            using MemcachedConnection last = await _gate.OpenAsync();
            await CheckAllAsync(last, model);
            foreach (string key in model.Keys)
                Expect("DELETED", await last.AskAsync($"delete {key}"));
        }
        catch (Exception problem)
        {
            throw new InvalidDataException(
                $"worker {index} with seed {seed}, after {count} requests: {problem.Message}", problem);
        }
        return count;
    }

    private static async Task StepAsync(
        MemcachedConnection connection, Dictionary<string, byte[]> model, string key, Random random)
    {
        bool known = model.TryGetValue(key, out byte[]? value);
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                Check(value, await connection.GetAsync(key));
                break;
            case 3 or 4:
                model[key] = Value(random);
                Expect("STORED", await connection.SetAsync(key, model[key], (uint)random.Next()));
                break;
            case 5:
                Expect(known ? "DELETED" : "NOT_FOUND", await connection.AskAsync($"delete {key}"));
                _ = model.Remove(key);
                break;
            case 6:
                await AddOrReplaceAsync(connection, model, key, known, random);
                break;
            case 7:
                await AppendAsync(connection, model, key, value, random);
                break;
            case 8:
                await CountAsync(connection, model, key, random);
                break;
            case 9:
                Expect(known ? "TOUCHED" : "NOT_FOUND", await connection.AskAsync($"touch {key} 3600"));
                break;
            case 10:
                await SwapAsync(connection, model, key, value, random);
                break;
            default:
                await CheckAllAsync(connection, model);
                break;
        }
    }

    private static async Task AddOrReplaceAsync(
        MemcachedConnection connection, Dictionary<string, byte[]> model, string key, bool known, Random random)
    {
        bool add = random.Next(2) == 0;
        byte[] value = Value(random);
        bool stores = add != known;
        Expect(stores ? "STORED" : "NOT_STORED", await StoreAsync(connection, add ? "add" : "replace", key, value, ""));
        if (stores)
            model[key] = value;
    }

    private static async Task AppendAsync(
        MemcachedConnection connection, Dictionary<string, byte[]> model, string key, byte[]? value, Random random)
    {
        bool append = random.Next(2) == 0;
        byte[] more = new byte[random.Next(100)];
        random.NextBytes(more);
        if (value?.Length + more.Length > ValueSizeMax)
            return;
        Expect(
            value != null ? "STORED" : "NOT_STORED",
            await StoreAsync(connection, append ? "append" : "prepend", key, more, ""));
        if (value != null)
            model[key] = append ? [.. value, .. more] : [.. more, .. value];
    }

    private static async Task CountAsync(
        MemcachedConnection connection, Dictionary<string, byte[]> model, string key, Random random)
    {
        ulong number = (ulong)random.NextInt64();
        ulong delta = (ulong)random.Next();
        Expect("STORED", await connection.SetAsync(key, Encoding.ASCII.GetBytes($"{number}")));
        ulong sum = unchecked(number + delta);
        Expect($"{sum}", await connection.AskAsync($"incr {key} {delta}"));
        Expect("0", await connection.AskAsync($"decr {key} {ulong.MaxValue}"));
        Expect($"{delta}", await connection.AskAsync($"incr {key} {delta}"));
        // decr leaves the length as it was and pads with blanks, so the model takes a fresh value.
        model[key] = Value(random);
        Expect("STORED", await connection.SetAsync(key, model[key]));
    }

    private static async Task SwapAsync(
        MemcachedConnection connection, Dictionary<string, byte[]> model, string key, byte[]? value, Random random)
    {
        await connection.SendAsync($"gets {key}\r\n");
        string line = await connection.ReadLineAsync();
        if (value == null)
        {
            Expect("END", line);
            Expect("NOT_FOUND", await StoreAsync(connection, "cas", key, [1], " 1"));
            return;
        }
        string unique = line.Split(' ')[^1];
        Expect($"{value.Length}", line.Split(' ')[^2]);
        Check(value, await connection.ReadExactlyAsync(value.Length));
        Expect("", await connection.ReadLineAsync());
        Expect("END", await connection.ReadLineAsync());
        byte[] next = Value(random);
        Expect("STORED", await StoreAsync(connection, "cas", key, next, $" {unique}"));
        Expect("EXISTS", await StoreAsync(connection, "cas", key, [1], $" {unique}"));
        model[key] = next;
    }

    /// <summary>One multi-key get for all there is, and some that is not.</summary>
    private static async Task CheckAllAsync(MemcachedConnection connection, Dictionary<string, byte[]> model)
    {
        var missing = new HashSet<string>(model.Keys);
        await connection.SendAsync($"get no-such-key {string.Join(' ', model.Keys)}\r\n");
        while (await connection.ReadValueAsync() is ({ } key, var value))
        {
            Check(model[key], value);
            _ = missing.Remove(key);
        }
        if (missing.Count > 0)
            throw new InvalidDataException($"{string.Join(' ', missing)} did not come back");
    }

    private static async Task<string> StoreAsync(
        MemcachedConnection connection, string command, string key, byte[] value, string unique)
    {
        byte[] head = Encoding.ASCII.GetBytes($"{command} {key} 0 0 {value.Length}{unique}\r\n");
        await connection.SendAsync((byte[])[.. head, .. value, .. "\r\n"u8]);
        return await connection.ReadLineAsync();
    }

    private static byte[] Value(Random random)
    {
        byte[] value = new byte[random.Next(20) == 0 ? random.Next(ValueSizeMax) : random.Next(ValueSizeUsual)];
        random.NextBytes(value);
        return value;
    }

    private static void Check(byte[]? expected, byte[]? actual)
    {
        if (expected == null != (actual == null) || !expected.AsSpan().SequenceEqual(actual))
            throw new InvalidDataException(
                $"expected a value of {expected?.Length} bytes, got another of {actual?.Length}");
    }

    private static void Expect(string expected, string actual)
    {
        if (actual != expected)
            throw new InvalidDataException($"expected '{expected}', got '{actual}'");
    }
}
