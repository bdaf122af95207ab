using System;
using System.Collections.Generic;
using Memcachier.Kernel.Net.Udp;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>Sends back the datagrams that arrive, and remembers with which handler they came.</summary>
internal readonly struct UdpEchoApplication : IUdpApplication
{
    private readonly Queue<(UdpOutput Output, byte[] Payload)> _replies = new();

    public UdpEchoApplication()
    {
    }

    public List<int> Handlers { get; } = [];

    public void Arrives(int handler, in UdpDatagram datagram, long nowMicros)
    {
        Handlers.Add(handler);
        var output = new UdpOutput(
            datagram.DestinationPort, datagram.Source, datagram.SourcePort, datagram.Payload.Length);
        _replies.Enqueue((output, datagram.Payload.ToArray()));
    }

    public bool TryEmit(Span<byte> room, long nowMicros, out UdpOutput output)
    {
        output = default;
        if (!_replies.TryDequeue(out (UdpOutput Output, byte[] Payload) reply)) return false;
        reply.Payload.CopyTo(room);
        output = reply.Output;
        return true;
    }
}
