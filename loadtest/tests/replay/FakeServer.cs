using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Tests.Replay;

/// <summary>
/// A cache of a fixed number of items, least recently used out first, which writes down what it is asked, and errs when
/// a test wants it to.
/// </summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private readonly Dictionary<string, (uint Flags, byte[] Value)> _items = [];
    private readonly LinkedList<string> _order = [];

    public FakeServer(int capacity = int.MaxValue)
    {
        _capacity = capacity;
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public ServerAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>What the next sets of a key are answered instead of being done.</summary>
    public Func<string, string?> Refusal { get; set; } = _ => null;

    /// <summary>What becomes of the answer to a get.</summary>
    public Func<string, byte[], byte[]> Answer { get; set; } = (_, answer) => answer;

    /// <summary>The commands so far: "get a" and "set a", in order.</summary>
    public string[] Log
    {
        get
        {
            lock (_lock) return [.. _log];
        }
    }

    /// <summary>The sizes of the values that are kept.</summary>
    public int SizeOf(string key)
    {
        lock (_lock) return _items[key].Value.Length;
    }

    public void Dispose() => _listener.Dispose();

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
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Serve(TcpClient client)
    {
        using NetworkStream network = client.GetStream();
        using var stream = new BufferedStream(network, 1 << 16);
        try
        {
            while (ReadLine(stream) is { } line)
            {
                byte[] answer = Do(line, stream);
                network.Write(answer);
            }
        }
        catch (IOException)
        {
            // The client is gone.
        }
        client.Dispose();
    }

    private static byte[]? ReadLine(Stream stream)
    {
        var line = new List<byte>();
        while (stream.ReadByte() is int octet and >= 0)
        {
            line.Add((byte)octet);
            if (octet == '\n') return [.. line];
        }
        return null;
    }

    private byte[] Do(byte[] line, Stream stream)
    {
        if (RequestParser.Parse(line, out Request request, out _) != Memcachier.Protocol.ParseStatus.Done)
            return "ERROR\r\n"u8.ToArray();
        string key = Encoding.ASCII.GetString(request.Key);
        byte[] block = [];
        if (request.Command == Command.Set)
        {
            block = new byte[request.ValueLength + 2];
            stream.ReadExactly(block);
        }
        lock (_lock)
        {
            switch (request.Command)
            {
                case Command.Get:
                    _log.Add($"get {key}");
                    return Answer(key, Get(key));
                case Command.Set:
                    _log.Add($"set {key}");
                    if (Refusal(key) is { } refusal) return Encoding.ASCII.GetBytes(refusal + "\r\n");
                    Set(key, request.Flags, block[..^2]);
                    return "STORED\r\n"u8.ToArray();
                case Command.FlushAll:
                    _log.Add("flush_all");
                    _items.Clear();
                    _order.Clear();
                    return "OK\r\n"u8.ToArray();
                default:
                    return "ERROR\r\n"u8.ToArray();
            }
        }
    }

    private byte[] Get(string key)
    {
        if (!_items.TryGetValue(key, out (uint Flags, byte[] Value) item)) return "END\r\n"u8.ToArray();
        Touch(key);
        return
        [
            .. Encoding.ASCII.GetBytes($"VALUE {key} {item.Flags} {item.Value.Length}\r\n"), .. item.Value,
            .. "\r\nEND\r\n"u8,
        ];
    }

    private void Set(string key, uint flags, byte[] value)
    {
        _items[key] = (flags, value);
        Touch(key);
        if (_items.Count <= _capacity) return;
        _ = _items.Remove(_order.Last!.Value);
        _order.RemoveLast();
    }

    private void Touch(string key)
    {
        _ = _order.Remove(key);
        _ = _order.AddFirst(key);
    }
}
