using System;
using Memcachier.Kernel.Net.Udp;

namespace Memcachier.Composition;

/// <summary>
/// Nothing listens on UDP: memcached's port there has served amplification attacks, and is off by default.
/// </summary>
public readonly struct NoDatagrams : IUdpApplication
{
    public void Arrives(int handler, in UdpDatagram datagram, long nowMicros)
    {
    }

    public bool TryEmit(Span<byte> room, long nowMicros, out UdpOutput output)
    {
        output = default;
        return false;
    }
}
