using System;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Appliance.Bench;

/// <summary>A <see cref="Crowd"/> as what its TCP is for.</summary>
internal readonly struct CrowdApplication : ITcpApplication
{
    private readonly Crowd _crowd;

    public CrowdApplication(Crowd crowd) => _crowd = crowd;

    public bool Accept(TcpConnection connection)
    {
        _crowd.Accepted(connection);
        return true;
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        _crowd.Received(connection, octets.Length);
        return octets.Length;
    }

    public void Writable(TcpConnection connection)
    {
    }

    public void PeerClosed(TcpConnection connection) => connection.Close();

    public void Closed(TcpConnection connection, CloseReason reason)
    {
    }
}
