using System;
using System.Net.Sockets;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// The frames around what is said over UDP (protocol.txt, "UDP protocol"): a request is one datagram, an answer one or
/// more messages of one or more datagrams each. One request is on its way at a time; what has another id than that is
/// late, and left out.
/// </summary>
internal sealed class Datagrams
{
    private const int LengthMax = 65536;

    /// <summary>Any of the thread's links receives into it.</summary>
    [ThreadStatic]
    private static byte[]? t_received;

    private readonly OutputBuffer _parts = new();
    private (int Start, int Length)[] _places = [];
    private ushort _requestId;
    private int _total;
    private int _missing;

    /// <summary>True if a message has begun and not ended.</summary>
    public bool IsWithinMessage => _missing > 0;

    /// <summary>Hot: once per request. Writes the frame of the next one.</summary>
    public void Begin(OutputBuffer output)
    {
        _requestId++;
        _missing = 0;
        new DatagramHeader(_requestId, sequence: 0, total: 1).Emit(output.Take(DatagramHeader.Size));
    }

    /// <summary>
    /// Hot: once per datagram. Receives one; <paramref name="message"/> is empty unless it is complete.
    /// </summary>
    public SocketError Receive(Socket socket, out ReadOnlySpan<byte> message)
    {
        byte[] datagram = t_received ??= new byte[LengthMax];
        message = default;
        int length = socket.Receive(datagram, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success) return error;
        if (!DatagramHeader.TryParse(datagram.AsSpan(0, length), out DatagramHeader header)) return error;
        if (header.RequestId != _requestId || header.Sequence >= header.Total) return error;
        ReadOnlySpan<byte> content = datagram.AsSpan(DatagramHeader.Size, length - DatagramHeader.Size);
        message = header.Total == 1 ? content : Assemble(header, content);
        return error;
    }

    /// <summary>They may come in any order, and more than once.</summary>
    private ReadOnlySpan<byte> Assemble(DatagramHeader header, ReadOnlySpan<byte> content)
    {
        if (_missing == 0)
        {
            _missing = _total = header.Total;
            _parts.Clear();
            if (_places.Length < _total) _places = new (int, int)[_total];
            _places.AsSpan(0, _total).Clear();
        }
        if (header.Total != _total || _places[header.Sequence].Length > 0) return default;
        _places[header.Sequence] = (_parts.Count, content.Length);
        _parts.Append(content);
        if (--_missing > 0) return default;
        return InOrder();
    }

    /// <summary>Writes the parts once more, one behind the other.</summary>
    private ReadOnlySpan<byte> InOrder()
    {
        int length = _parts.Count;
        Span<byte> whole = _parts.Take(length);
        ReadOnlySpan<byte> parts = _parts.Waiting[..length];
        foreach ((int start, int partLength) in _places.AsSpan(0, _total))
        {
            parts.Slice(start, partLength).CopyTo(whole);
            whole = whole[partLength..];
        }
        return _parts.Waiting[length..];
    }
}
