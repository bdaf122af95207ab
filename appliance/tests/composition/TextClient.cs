using System;
using System.Collections.Generic;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>What the clients of a <see cref="ServerWorld"/> have heard.</summary>
internal sealed class Heard
{
    public List<byte> Octets { get; } = [];

    public bool IsPeerClosed { get; set; }

    public CloseReason? End { get; set; }
}

/// <summary>Takes everything; what is to be said is put into the connection's output by the test.</summary>
internal readonly struct TextClient : ITcpApplication
{
    private readonly Heard _heard;

    public TextClient(Heard heard) => _heard = heard;

    public bool Accept(TcpConnection connection) => true;

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        _heard.Octets.AddRange(octets);
        return octets.Length;
    }

    public void Writable(TcpConnection connection)
    {
    }

    public void PeerClosed(TcpConnection connection) => _heard.IsPeerClosed = true;

    public void Closed(TcpConnection connection, CloseReason reason) => _heard.End = reason;
}
