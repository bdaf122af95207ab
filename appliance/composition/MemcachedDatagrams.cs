using System;
using Memcachier.Kernel.Net.Udp;

namespace Memcachier.Composition;

/// <summary>
/// The <see cref="DatagramServer"/> as UDP's type parameter. Without one nothing listens on UDP, which is the default:
/// memcached's port there has served amplification attacks.
/// </summary>
public readonly struct MemcachedDatagrams : IUdpApplication
{
    private readonly MemcachedServer _server;

    public MemcachedDatagrams(MemcachedServer server) => _server = server;

    public long NextTimerMicros => _server.Datagrams is { IsWaiting: true } ? 0 : long.MaxValue;

    public void Arrives(int handler, in UdpDatagram datagram, long nowMicros)
    {
        if (!_server.IsDraining) _server.Datagrams?.Arrives(in datagram);
    }

    public bool TryEmit(Span<byte> room, long nowMicros, out UdpOutput output)
    {
        output = default;
        return _server.Datagrams != null && _server.Datagrams.TryEmit(room, out output);
    }
}
