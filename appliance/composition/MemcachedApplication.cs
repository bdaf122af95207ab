using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Composition;

/// <summary>The <see cref="MemcachedServer"/> as TCP's type parameter.</summary>
public readonly struct MemcachedApplication : ITcpApplication
{
    private readonly MemcachedServer _server;

    public MemcachedApplication(MemcachedServer server) => _server = server;

    public bool Accept(TcpConnection connection)
    {
        _server.Accepted(connection);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) => _server.Receive(connection, octets);

    public void Writable(TcpConnection connection) => _server.Writable(connection);

    public void PeerClosed(TcpConnection connection) => _server.PeerClosed(connection);

    public void Closed(TcpConnection connection, CloseReason reason) => _server.Closed(connection);
}
