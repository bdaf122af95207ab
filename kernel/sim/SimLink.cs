using System;

namespace Memcachier.Kernel.Sim;

/// <summary>One direction of a wire between two ports: when a packet that enters now leaves at the other end.</summary>
internal sealed class SimLink
{
    private const long MicrosPerSecond = 1_000_000;

    private long _freeAtMicros;

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
        long waitMicros = Math.Max(0, _freeAtMicros - nowMicros);
        long queued = waitMicros * settings.OctetsPerSecond / MicrosPerSecond;
        if (settings.QueueSize != 0 && queued + length > settings.QueueSize) return false;
        _freeAtMicros = nowMicros + waitMicros +
            Math.Max(1, length * MicrosPerSecond / settings.OctetsPerSecond);
        arrivalMicros = _freeAtMicros + settings.DelayMicros;
        return true;
    }
}
