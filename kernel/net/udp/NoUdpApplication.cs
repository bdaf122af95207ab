using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Udp;

/// <summary>For a stack whose UDP serves nothing but its own DHCP client.</summary>
public readonly struct NoUdpApplication : IUdpApplication
{
    public long NextTimerMicros => long.MaxValue;

    public void Arrives(int handler, in UdpDatagram datagram, long nowMicros) => Invariant.Unreachable();

    public bool TryEmit(Span<byte> room, long nowMicros, out UdpOutput output)
    {
        output = default;
        return false;
    }
}
