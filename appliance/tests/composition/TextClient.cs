using System;
using System.Collections.Generic;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>What the clients of a <see cref="ServerWorld"/> have heard.</summary>
internal sealed class Heard
{
    public List<byte> Octets { get; } = [];

    /// <summary>What each of the client's connections has heard.</summary>
    public Dictionary<int, List<byte>> OctetsOf { get; } = [];

    /// <summary>The client's connections that the server has closed.</summary>
    public HashSet<int> ClosedByPeer { get; } = [];

    /// <summary>Those that take nothing: they fill up.</summary>
    public HashSet<int> Deaf { get; } = [];

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
        if (_heard.Deaf.Contains(connection.Index)) return 0;
        _heard.Octets.AddRange(octets);
        if (!_heard.OctetsOf.TryGetValue(connection.Index, out List<byte>? own)) _heard.OctetsOf[connection.Index] = own = [];
        own.AddRange(octets);
        return octets.Length;
    }

    public void Writable(TcpConnection connection)
    {
    }

    public void PeerClosed(TcpConnection connection)
    {
        _heard.IsPeerClosed = true;
        _ = _heard.ClosedByPeer.Add(connection.Index);
    }

    public void Closed(TcpConnection connection, CloseReason reason) => _heard.End = reason;
}
