using System;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>Sends back what it receives, and closes when the peer does.</summary>
internal readonly struct EchoApplication : ITcpApplication
{
    public bool Accept(TcpConnection connection) => true;

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) => connection.Output.Append(octets);

    public void Writable(TcpConnection connection) => connection.Resume();

    public void PeerClosed(TcpConnection connection) => connection.Close();

    public void Closed(TcpConnection connection, CloseReason reason)
    {
    }
}
