using System;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Metadata;

/// <summary>The <see cref="MetadataConnection"/> as TCP's type parameter.</summary>
public readonly struct MetadataApplication : ITcpApplication
{
    private readonly MetadataConnection _connection;

    public MetadataApplication(MetadataConnection connection) => _connection = connection;

    public bool Accept(TcpConnection connection)
    {
        _connection.Opened(connection);
        return true;
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        _connection.Receive(connection, octets);
        return octets.Length;
    }

    public void Writable(TcpConnection connection)
    {
        // A request is written at once.
    }

    public void PeerClosed(TcpConnection connection) => _connection.PeerClosed(connection);

    public void Closed(TcpConnection connection, CloseReason reason) => _connection.Closed(connection, reason);
}
