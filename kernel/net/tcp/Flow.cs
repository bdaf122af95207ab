using System.Numerics;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The two sockets that name a connection (RFC 9293 §3.4.1), seen from here.</summary>
internal readonly struct Flow
{
    public Flow(IpAddress localAddress, ushort localPort, IpAddress remoteAddress, ushort remotePort)
    {
        LocalAddress = localAddress;
        RemoteAddress = remoteAddress;
        Ports = (uint)localPort << 16 | remotePort;
    }

    /// <summary>The flow of a segment that arrived, whose ports are the source's above the destination's.</summary>
    public Flow(IpAddress destination, IpAddress source, uint ports)
    {
        LocalAddress = destination;
        RemoteAddress = source;
        Ports = BitOperations.RotateLeft(ports, 16);
    }

    public IpAddress LocalAddress { get; }

    public IpAddress RemoteAddress { get; }

    /// <summary>Both ports as one number: ours above the peer's.</summary>
    public uint Ports { get; }

    public ushort LocalPort => (ushort)(Ports >> 16);

    public ushort RemotePort => (ushort)Ports;

    public bool Is(in Flow other) =>
        ((Ports ^ other.Ports) |
            (RemoteAddress.Low ^ other.RemoteAddress.Low) | (RemoteAddress.High ^ other.RemoteAddress.High) |
            (LocalAddress.Low ^ other.LocalAddress.Low) | (LocalAddress.High ^ other.LocalAddress.High)) == 0;

    /// <summary>Whether a segment that arrived belongs to it. Hot: once per segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOf(IpAddress source, IpAddress destination, uint ports) =>
        Ports == BitOperations.RotateLeft(ports, 16) && RemoteAddress == source && LocalAddress == destination;
}
