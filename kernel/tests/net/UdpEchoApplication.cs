using System;
using System.Collections.Generic;
using Memcachier.Kernel.Net.Udp;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>Sends back the datagrams that arrive, and remembers with which handler they came.</summary>
internal readonly struct UdpEchoApplication : IUdpApplication
{
    public UdpEchoApplication()
    {
    }

    public List<int> Handlers { get; } = [];

    /// <summary>What is to be sent next.</summary>
    public Queue<(UdpOutput Output, byte[] Payload)> Replies { get; } = new();

    public long NextTimerMicros => Replies.Count > 0 ? 0 : long.MaxValue;

    public void Arrives(int handler, in UdpDatagram datagram, long nowMicros)
    {
        Handlers.Add(handler);
        var output = new UdpOutput(
            datagram.DestinationPort, datagram.Source, datagram.SourcePort, datagram.Payload.Length);
        Replies.Enqueue((output, datagram.Payload.ToArray()));
    }

    public bool TryEmit(Span<byte> room, long nowMicros, out UdpOutput output)
    {
        output = default;
        if (!Replies.TryDequeue(out (UdpOutput Output, byte[] Payload) reply)) return false;
        reply.Payload.CopyTo(room);
        output = reply.Output;
        return true;
    }
}
