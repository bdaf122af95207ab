using System;

namespace Memcachier.Kernel.Sim;

/// <summary>One direction of a wire between two ports: when a packet that enters now leaves at the other end.</summary>
internal sealed class SimLink
{
    private const long NanosPerSecond = 1_000_000_000;
    private const long NanosPerMicro = 1_000;

    private long _freeAtNanos;

    public SimLink(int destination, in SimLinkSettings settings)
    {
        Destination = destination;
        Settings = settings;
    }

    /// <summary>The port at the other end.</summary>
    public int Destination { get; }

    public SimLinkSettings Settings { get; set; }

    /// <summary>Queues a packet for the bandwidth; fails if the queue is full.</summary>
    public bool TryEnter(int length, long nowMicros, out long arrivalMicros)
    {
        SimLinkSettings settings = Settings;
        arrivalMicros = nowMicros + settings.DelayMicros;
        if (settings.OctetsPerSecond == 0) return true;
        long nowNanos = nowMicros * NanosPerMicro;
        long startNanos = Math.Max(nowNanos, _freeAtNanos);
        long queued = (startNanos - nowNanos) * settings.OctetsPerSecond / NanosPerSecond;
        if (settings.QueueSize != 0 && queued + length > settings.QueueSize) return false;
        _freeAtNanos = startNanos + length * NanosPerSecond / settings.OctetsPerSecond;
        arrivalMicros = (_freeAtNanos + NanosPerMicro - 1) / NanosPerMicro + settings.DelayMicros;
        return true;
    }
}
