using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Metadata;

/// <summary>A <see cref="MetadataClient"/>'s connection, as TCP tells of it. There is one at a time that counts.</summary>
public sealed class MetadataConnection
{
    private readonly MetadataClient _client;
    private TcpConnection? _connection;

    public MetadataConnection(MetadataClient client) => _client = client;

    /// <summary>The time of what happens next.</summary>
    public long NowMicros { get; set; }

    /// <summary>Connections that are not gone yet.</summary>
    public int OpenCount { get; private set; }

    /// <summary>The connection that was just begun is the one that counts.</summary>
    public void Begin(TcpConnection connection)
    {
        _connection = connection;
        OpenCount++;
    }

    /// <summary>Gives the connection up whose time is over.</summary>
    public void GiveUp()
    {
        TcpConnection? connection = _connection;
        _connection = null;
        connection?.Abort();
    }

    internal void Opened(TcpConnection connection)
    {
        if (connection != _connection) return;
        var line = new LineBuilder(stackalloc byte[MetadataClient.RequestLengthMax]);
        _client.AppendRequest(ref line);
        bool isTaken = connection.Output.TryAppend(line.Octets);
        // The buffers are nobody else's.
        Invariant.Holds(isTaken);
    }

    internal void Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        if (connection != _connection) return;
        _client.Receive(octets, NowMicros);
        LetGoIfOver();
    }

    internal void PeerClosed(TcpConnection connection)
    {
        if (connection == _connection) _client.End(NowMicros);
        LetGoIfOver();
        connection.Close();
    }

    internal void Closed(TcpConnection connection, CloseReason reason)
    {
        OpenCount--;
        if (connection != _connection) return;
        _connection = null;
        if (reason == CloseReason.Refused) _client.Refused(NowMicros);
        else if (reason == CloseReason.TimedOut) _client.Unanswered(NowMicros);
        else _client.End(NowMicros);
    }

    /// <summary>The answer is there, or no good: both sides say goodbye, and nobody waits for that.</summary>
    private void LetGoIfOver()
    {
        if (_client.IsAsking) return;
        _connection?.Close();
        _connection = null;
    }
}
