using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>
/// A connection that speaks memcached's text protocol, one request at a time, and never waits for ever.
/// </summary>
internal sealed class MemcachedConnection : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _socket;
    private readonly TimeSpan _bound;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;

    private MemcachedConnection(Socket socket, TimeSpan bound)
    {
        _socket = socket;
        _bound = bound;
    }

    /// <summary>Every single wait on this connection is bounded by <paramref name="bound"/>.</summary>
    public static async Task<MemcachedConnection> OpenAsync(IPEndPoint endPoint, TimeSpan bound)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(bound);
        await socket.ConnectAsync(endPoint, limit.Token);
        return new MemcachedConnection(socket, bound);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(_bound);
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, limit.Token)..];
    }

    /// <summary>One request line and its one-line reply.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadLineAsync();
    }

    public async Task<string> SetAsync(string key, byte[] value, uint flags = 0, int exptime = 0)
    {
        byte[] head = Encoding.ASCII.GetBytes($"set {key} {flags} {exptime} {value.Length}\r\n");
        await SendAsync((byte[])[.. head, .. value, .. "\r\n"u8]);
        return await ReadLineAsync();
    }

    /// <summary>Null when there is no such item.</summary>
    public async Task<byte[]?> GetAsync(string key)
    {
        await SendAsync($"get {key}\r\n");
        (string? found, byte[] value) = await ReadValueAsync();
        if (found == null)
            return null;
        Expect(key, found);
        Expect("END", await ReadLineAsync());
        return value;
    }

    /// <summary>Next <c>VALUE</c> block, or a null key for <c>END</c>.</summary>
    public async Task<(string? Key, byte[] Value)> ReadValueAsync()
    {
        string line = await ReadLineAsync();
        if (line == "END")
            return (null, []);
        string[] words = line.Split(' ');
        if (words is not ["VALUE", var key, _, var length, ..])
            throw new InvalidDataException($"expected VALUE or END, got '{line}'");
        byte[] value = await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture));
        Expect("", await ReadLineAsync());
        return (key, value);
    }

    public async Task<IReadOnlyDictionary<string, string>> StatsAsync(string arguments = "")
    {
        await SendAsync($"stats{arguments}\r\n");
        var stats = new Dictionary<string, string>();
        while (await ReadLineAsync() is var line && line != "END")
        {
            string[] words = line.Split(' ', 3);
            if (words is not ["STAT", var name, var value])
                throw new InvalidDataException($"expected STAT, got '{line}'");
            stats[name] = value;
        }
        return stats;
    }

    /// <summary>A line without its end. Fails when the peer closes or takes too long.</summary>
    public async Task<string> ReadLineAsync()
    {
        int searched = _start;
        while (true)
        {
            int at = _buffer.AsSpan(searched, _end - searched).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer, _start, searched + at - _start);
                _start = searched + at + 2;
                return line;
            }
            int behind = Math.Max(_start, _end - 1) - _start;
            if (!await FillAsync())
                throw new EndOfStreamException("the connection was closed");
            searched = _start + behind;
        }
    }

    /// <summary>Everything up to the peer's close. Fails when it does not close in time.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        do
        {
            _ = text.Append(Encoding.Latin1.GetString(_buffer, _start, _end - _start));
            _start = _end;
        }
        while (await FillAsync());
        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();

    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        byte[] value = new byte[count];
        int filled = 0;
        while (filled < count)
        {
            if (_start == _end && !await FillAsync())
                throw new EndOfStreamException("the connection was closed inside a value");
            int chunk = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, chunk).CopyTo(value.AsSpan(filled));
            _start += chunk;
            filled += chunk;
        }
        return value;
    }

    /// <summary>Reads more behind what is there; false at the end of the stream.</summary>
    private async Task<bool> FillAsync()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == BufferSize)
            throw new InvalidDataException("a line longer than the buffer");
        using var limit = new CancellationTokenSource(_bound);
        int received = await _socket.ReceiveAsync(_buffer.AsMemory(_end), limit.Token);
        _end += received;
        return received > 0;
    }

    private static void Expect(string expected, string actual)
    {
        if (actual != expected)
            throw new InvalidDataException($"expected '{expected}', got '{actual}'");
    }
}
