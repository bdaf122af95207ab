using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Composition;

/// <summary>
/// What listens on TCP, as its type parameter: the cache, and the management API if it has a port. Who a connection
/// belongs to is told by our port.
/// </summary>
public readonly struct ApplianceApplication : ITcpApplication
{
    private readonly MemcachedServer _memcached;
    private readonly ApplianceServers _servers;

    public ApplianceApplication(MemcachedServer memcached, ApplianceServers servers)
    {
        _memcached = memcached;
        _servers = servers;
    }

    public bool Accept(TcpConnection connection)
    {
        if (IsManagement(connection)) _servers.Management!.Accepted(connection);
        else _memcached.Accepted(connection);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) =>
        IsManagement(connection)
            ? _servers.Management!.Receive(connection, octets)
            : _memcached.Receive(connection, octets);

    public void Writable(TcpConnection connection)
    {
        if (IsManagement(connection)) _servers.Management!.Writable(connection);
        else _memcached.Writable(connection);
    }

    public void PeerClosed(TcpConnection connection)
    {
        if (IsManagement(connection)) _servers.Management!.PeerClosed(connection);
        else _memcached.PeerClosed(connection);
    }

    public void Closed(TcpConnection connection, CloseReason reason)
    {
        if (IsManagement(connection)) _servers.Management!.Closed(connection);
        else _memcached.Closed(connection);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsManagement(TcpConnection connection) => connection.LocalPort == _servers.ManagementPort;
}
