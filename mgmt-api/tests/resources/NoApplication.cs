using System;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Management.Tests.Resources;

/// <summary>Nobody who listens to TCP.</summary>
internal readonly struct NoApplication : ITcpApplication
{
    public bool Accept(TcpConnection connection) => false;

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) => octets.Length;

    public void Writable(TcpConnection connection)
    {
    }

    public void PeerClosed(TcpConnection connection)
    {
    }

    public void Closed(TcpConnection connection, CloseReason reason)
    {
    }
}
