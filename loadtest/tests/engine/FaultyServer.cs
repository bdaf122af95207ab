using System;
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
    private readonly Dictionary<string, (string Flags, byte[] Value)> _items = [];
    private int _getCount;

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

    /// <summary>Called before each get, on the connection's thread.</summary>
    public Action BeforeGet { get; set; } = () => { };

    /// <summary>The answer to a get of this key, without its faults.</summary>
    public byte[] TextAnswerOf(string key)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key, out (string Flags, byte[] Value) item)
                ? Joined($"VALUE {key} {item.Flags} {item.Value.Length}\r\n", item.Value, "\r\nEND\r\n")
                : "END\r\n"u8.ToArray();
        }
    }

    public byte[] MetaAnswerOf(string key)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key, out (string Flags, byte[] Value) item)
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

    private void Keep(string key, string flags, int length, Stream stream)
    {
        byte[] block = new byte[length + 2];
        stream.ReadExactly(block);
        lock (_lock) _items[key] = (flags, block[..^2]);
    }
}
