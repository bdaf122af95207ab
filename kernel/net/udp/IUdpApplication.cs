using System;

namespace Memcachier.Kernel.Net.Udp;

/// <summary>What runs on top of UDP. Implemented by a struct that is the type parameter of whatever drives it.</summary>
public interface IUdpApplication
{
    /// <summary>
    /// When <see cref="TryEmit"/> is to be called next even if nothing arrives: <see cref="long.MaxValue"/> for never,
    /// what is past for at once.
    /// </summary>
    long NextTimerMicros { get; }

    /// <summary>A datagram came to a port that was opened with <paramref name="handler"/>.</summary>
    void Arrives(int handler, in UdpDatagram datagram, long nowMicros);

    /// <summary>
    /// Writes the next payload to send into <paramref name="room"/>, at most all of it; false if there is nothing to
    /// send. Called until it fails, once a round.
    /// </summary>
    bool TryEmit(Span<byte> room, long nowMicros, out UdpOutput output);
}
