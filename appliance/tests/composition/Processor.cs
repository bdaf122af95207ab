using System.Collections.Generic;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>
/// A processor that is halted while the rest of the world goes on. It is woken by its timer, or by a frame if, and only
/// if, the device was armed.
/// </summary>
internal sealed class Processor(SimWorld world, SimDevice device, int port)
{
    /// <summary>How long each halt was asked to be at most, and how long it was.</summary>
    public List<(long Asked, long Slept, bool IsInterrupted)> Halts { get; } = [];

    public bool Halt(long micros)
    {
        Assert.InRange(micros, 1, long.MaxValue - world.Time.NowMicros);
        // Otherwise a frame that arrives, or lies there already, would wait for the end of the halt.
        Assert.True(device.IsArmed, "the processor is halted and no frame can wake it");
        long start = world.Time.NowMicros;
        long end = start + micros;
        while (world.Time.NowMicros < end && !world.Network.HasArrived(port)) _ = world.TryStep(end);
        bool isInterrupted = world.Network.HasArrived(port);
        Halts.Add((micros, world.Time.NowMicros - start, isInterrupted));
        return isInterrupted;
    }
}

/// <summary>A <see cref="Processor"/> as a type parameter.</summary>
internal readonly struct SimIdle(Processor processor) : IIdle
{
    public Interrupts Halt(long micros) =>
        processor.Halt(micros) ? new Interrupts(ofDevices: 1, ofTimer: 0) : new Interrupts(ofDevices: 0, ofTimer: 1);
}
