using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>What one client connection says, and what it should hear.</summary>
internal sealed class Conversation
{
    private readonly List<(byte[] Request, byte[] Reply)> _exchanges = [];
    private int _exchange;
    private int _heard;
    private int _sent;
    private long _startedMicros;

    /// <summary>All requests go out at once; else each waits for the reply to the one before.</summary>
    public bool IsPipelined { get; init; }

    /// <summary>The client ends its sending side with its last request, and goes on reading.</summary>
    public bool IsHalfClosing { get; init; }

    /// <summary>The client never takes a byte from its socket.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>
    /// After so many bytes of the first request the client waits, so that they arrive in a segment of their own.
    /// </summary>
    public int FirstPieceLength { get; init; } = int.MaxValue;

    public TcpConnection? Connection { get; set; }

    public bool IsClosed { get; private set; }

    public CloseReason CloseReason { get; private set; }

    /// <summary>The server ended its side.</summary>
    public bool IsPeerClosed { get; private set; }

    public bool IsComplete => !HasFailed && _exchange == _exchanges.Count;

    /// <summary>Something else than the expected reply was heard.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The longest time from a request to the end of its reply.</summary>
    public long LongestMicros { get; private set; }

    public Conversation Add(string request, string reply) =>
        Add(Encoding.Latin1.GetBytes(request), Encoding.Latin1.GetBytes(reply));

    public Conversation Add(byte[] request, byte[] reply)
    {
        _exchanges.Add((request, reply));
        return this;
    }

    /// <summary>How many replies were heard whole.</summary>
    public int CompletedCount => _exchange;

    public string Describe() =>
        $"exchange {_exchange} of {_exchanges.Count}, heard {_heard} bytes of it, failed {HasFailed}, "
        + $"peer closed {IsPeerClosed}, closed {IsClosed} ({CloseReason})";

    /// <summary>Sends what may be sent now.</summary>
    public void Send(long nowMicros)
    {
        if (Connection is not TcpConnection connection) return;
        if (IsPipelined) SendAll(connection);
        else SendNext(connection, nowMicros);
    }

    /// <summary>The rest of a request whose first piece went out.</summary>
    public void SendSecondPiece()
    {
        byte[] request = _exchanges[0].Request;
        _sent += Connection!.Output.Append(request.AsSpan(_sent));
        if (IsHalfClosing) Connection.Close();
        Connection.Flush();
    }

    public int Hear(ReadOnlySpan<byte> octets, long nowMicros)
    {
        if (IsDeaf) return 0;
        for (ReadOnlySpan<byte> rest = octets; rest.Length > 0 && !HasFailed;)
        {
            ReadOnlySpan<byte> expected =
                _exchange < _exchanges.Count ? _exchanges[_exchange].Reply.AsSpan(_heard) : default;
            int count = Math.Min(expected.Length, rest.Length);
            HasFailed = count == 0 || !rest.Slice(0, count).SequenceEqual(expected.Slice(0, count));
            rest = rest.Slice(count);
            _heard += count;
            if (count < expected.Length) continue;
            _heard = 0;
            _exchange++;
            if (IsPipelined) continue;
            LongestMicros = Math.Max(LongestMicros, nowMicros - _startedMicros);
            _sent = 0;
        }
        if (IsComplete && !IsHalfClosing) Connection!.Close();
        else if (!IsPipelined && _sent == 0) Send(nowMicros);
        return octets.Length;
    }

    public void PeerClosed()
    {
        IsPeerClosed = true;
        Connection!.Close();
    }

    public void Closed(CloseReason reason)
    {
        IsClosed = true;
        CloseReason = reason;
        Connection = null;
    }

    private void SendNext(TcpConnection connection, long nowMicros)
    {
        if (_exchange == _exchanges.Count) return;
        if (_sent == 0) _startedMicros = nowMicros;
        byte[] request = _exchanges[_exchange].Request;
        int length = _exchange == 0 ? Math.Min(FirstPieceLength, request.Length) : request.Length;
        _sent += connection.Output.Append(request.AsSpan(_sent, Math.Max(length - _sent, 0)));
        if (_sent < length) connection.RequestWritable();
        else if (_sent == request.Length && IsHalfClosing && _exchange == _exchanges.Count - 1) connection.Close();
    }

    private void SendAll(TcpConnection connection)
    {
        int skipped = 0;
        foreach ((byte[] request, _) in _exchanges)
        {
            if (_sent < skipped + request.Length)
            {
                _sent += connection.Output.Append(request.AsSpan(_sent - skipped));
                if (_sent < skipped + request.Length)
                {
                    connection.RequestWritable();
                    return;
                }
            }
            skipped += request.Length;
        }
        if (IsHalfClosing) connection.Close();
    }
}
