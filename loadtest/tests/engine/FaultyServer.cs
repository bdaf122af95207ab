using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Memcachier.Protocol.Binary;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>
/// Keeps what is set, answers gets, in each of the protocols, and errs where a test wants it to. A thread for each
/// connection.
/// </summary>
public sealed partial class FaultyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Item> _items = [];
    private int _getCount;
    private int _updateCount;
    private ulong _cas;

    public FaultyServer()
    {
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public ServerAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>What becomes of the answer to a get: of the how-many-th, from 1, and its right answer.</summary>
    public Func<int, byte[], byte[]> Answer { get; set; } = (_, answer) => answer;

    /// <summary>After the answer to which get the connection is closed.</summary>
    public int HangsUpAfter { get; set; }

    /// <summary>Which incr, decr or cas, from 1, is acknowledged and not done.</summary>
    public int LosesUpdate { get; set; }

    /// <summary>Which one is done twice.</summary>
    public int DoublesUpdate { get; set; }

    /// <summary>Which one is done, or not done, without an answer.</summary>
    public int LeavesUpdate { get; set; }

    /// <summary>True if a cas is done whatever its cas unique is.</summary>
    public bool IgnoresCas { get; set; }

    /// <summary>How long a connection that was accepted is left alone.</summary>
    public TimeSpan AcceptDelay { get; init; }

    /// <summary>How many connections were then found to have another one waiting behind them.</summary>
    public int QueuedCount { get; private set; }

    /// <summary>What was said in logins by SASL.</summary>
    public ConcurrentQueue<string> Logins { get; } = [];

    /// <summary>How they are answered.</summary>
    public Status LoginStatus { get; set; } = Status.Done;

    /// <summary>Called before each get, on the connection's thread.</summary>
    public Action BeforeGet { get; set; } = () => { };

    /// <summary>The answer to a get of this key, without its faults.</summary>
    public byte[] TextAnswerOf(string key)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key, out Item? item)
                ? Joined($"VALUE {key} {item.Flags} {item.Value.Length}\r\n", item.Value, "\r\nEND\r\n")
                : "END\r\n"u8.ToArray();
        }
    }

    public byte[] MetaAnswerOf(string key)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key, out Item? item)
                ? Joined($"VA {item.Value.Length} k{key} f{item.Flags}\r\n", item.Value, "\r\n")
                : "EN\r\n"u8.ToArray();
        }
    }

    public void Dispose() => _listener.Dispose();

    private static byte[] Joined(string head, byte[] value, string end) =>
        [.. Encoding.ASCII.GetBytes(head), .. value, .. Encoding.ASCII.GetBytes(end)];

    private void Accept()
    {
        try
        {
            while (true)
            {
                TcpClient client = _listener.AcceptTcpClient();
                client.NoDelay = true;
                if (AcceptDelay > TimeSpan.Zero)
                {
                    Thread.Sleep(AcceptDelay);
                    if (_listener.Pending()) QueuedCount++;
                }
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
        }
        catch (Exception problem)
            when (problem is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        {
            using NetworkStream network = client.GetStream();
            using var stream = new BufferedStream(network, 1 << 16);
            try
            {
                bool isLast = false;
                while (!isLast && stream.ReadByte() is int first and >= 0)
                {
                    network.Write(first == RequestHeader.Magic
                        ? DoBinary(stream, out isLast)
                        : Do($"{(char)first}{ReadLine(stream)}".Split(' '), stream, out isLast));
                }
            }
            catch (IOException)
            {
                // The client is gone.
            }
        }
    }

    private static string? ReadLine(Stream stream)
    {
        var line = new StringBuilder();
        while (stream.ReadByte() is int octet and >= 0)
        {
            if (octet == '\n') return line.ToString().TrimEnd('\r');
            _ = line.Append((char)octet);
        }
        return null;
    }

    private byte[] Do(string[] words, Stream stream, out bool isLast)
    {
        isLast = false;
        switch (words[0])
        {
            case "get":
                return Faulty(TextAnswerOf, words[1], out isLast);
            case "mg":
                return Faulty(MetaAnswerOf, words[1], out isLast);
            case "gets":
                return GetsAnswerOf(words[1]);
            case "incr":
            case "decr":
                return Update(words[1], delta: words[0] == "incr" ? 1 : -1, cas: null);
            case "cas":
                byte[] number = new byte[int.Parse(words[4]) + 2];
                stream.ReadExactly(number);
                return Update(words[1], delta: 0, ulong.Parse(words[5]), long.Parse(number.AsSpan()[..^2]));
            case "set":
                Keep(words[1], words[2], int.Parse(words[4]), stream);
                return "STORED\r\n"u8.ToArray();
            case "ms":
                Keep(words[1], Array.Find(words, word => word.StartsWith('F'))![1..], int.Parse(words[2]), stream);
                return Encoding.ASCII.GetBytes($"HD k{words[1]}\r\n");
            default:
                return "ERROR\r\n"u8.ToArray();
        }
    }

    private byte[] Faulty(Func<string, byte[]> answerOf, string key, out bool isLast)
    {
        BeforeGet();
        int number = Interlocked.Increment(ref _getCount);
        isLast = number == HangsUpAfter;
        return Answer(number, answerOf(key));
    }

    private byte[] GetsAnswerOf(string key)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key, out Item? item)
                ? Joined($"VALUE {key} {item.Flags} {item.Value.Length} {item.Cas}\r\n", item.Value, "\r\nEND\r\n")
                : "END\r\n"u8.ToArray();
        }
    }

    /// <summary>A counter becomes another number: by so much, or, if there is a cas unique, that one.</summary>
    private byte[] Update(string key, int delta, ulong? cas, long number = 0)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue(key, out Item? item)) return "NOT_FOUND\r\n"u8.ToArray();
            if (cas != null && cas != item.Cas && !IgnoresCas) return "EXISTS\r\n"u8.ToArray();
            _updateCount++;
            if (cas == null) number = long.Parse(item.Value) + delta;
            byte[] answer = cas == null ? Encoding.ASCII.GetBytes($"{number}\r\n") : "STORED\r\n"u8.ToArray();
            if (_updateCount == DoublesUpdate) number += delta == 0 ? 1 : delta;
            byte[] value = Encoding.ASCII.GetBytes($"{number}");
            if (_updateCount != LosesUpdate) _items[key] = item with { Value = value, Cas = ++_cas };
            return _updateCount == LeavesUpdate ? [] : answer;
        }
    }

    private void Keep(string key, string flags, int length, Stream stream)
    {
        byte[] block = new byte[length + 2];
        stream.ReadExactly(block);
        lock (_lock) _items[key] = new Item(flags, block[..^2], ++_cas);
    }

    private sealed record Item(string Flags, byte[] Value, ulong Cas);
}
