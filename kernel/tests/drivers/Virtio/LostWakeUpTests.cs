using System;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Virtio.Races;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

/// <summary>
/// The driver, unchanged, against a device under every interleaving of their accesses and every delay of the processor's
/// writes: nobody sleeps while the other waits for it. Then the same with one thing left out at a time, to show that the
/// search finds what it is looking for.
/// </summary>
public sealed class LostWakeUpTests
{
    private const int MemoryLength = 32 * 1024;

    private readonly Region _region = HostMemory.Allocate(MemoryLength);

    /// <summary>What the reactor of a scenario does.</summary>
    public enum Work
    {
        /// <summary>Receives frames and halts in between.</summary>
        Receive,

        /// <summary>The same with more frames than buffers, so that the device sleeps too.</summary>
        ReceiveWithFewBuffers,

        /// <summary>Sends frames, each with its own flush, and then halts.</summary>
        Send,

        /// <summary>Sends more frames than there are buffers and halts until one is free.</summary>
        SendWithFewBuffers,
    }

    [Theory]
    [InlineData(Work.Receive, true, false)]
    [InlineData(Work.Receive, true, true)]
    [InlineData(Work.Receive, false, false)]
    [InlineData(Work.Receive, false, true)]
    [InlineData(Work.ReceiveWithFewBuffers, true, false)]
    [InlineData(Work.ReceiveWithFewBuffers, true, true)]
    [InlineData(Work.ReceiveWithFewBuffers, false, false)]
    [InlineData(Work.Send, true, false)]
    [InlineData(Work.Send, false, false)]
    [InlineData(Work.SendWithFewBuffers, true, false)]
    [InlineData(Work.SendWithFewBuffers, true, true)]
    [InlineData(Work.SendWithFewBuffers, false, false)]
    public void No_schedule_leaves_anyone_asleep(Work work, bool hasEventIdx, bool hasWire)
    {
        var explorer = new ScheduleExplorer();
        string? lost = FindLostWakeUp(explorer, work, hasEventIdx, hasWire, Without.Nothing);
        Assert.True(lost is null, $"after {lost}");
        Assert.True(explorer.StateCount > 2_000, $"only {explorer.StateCount} states");
    }

    [Theory]
    [InlineData(Work.Receive, true, false, Without.Recheck)]
    [InlineData(Work.Receive, false, false, Without.Recheck)]
    [InlineData(Work.Receive, true, false, Without.Fences)]
    [InlineData(Work.Receive, false, false, Without.Fences)]
    [InlineData(Work.Receive, true, true, Without.Acknowledging)]
    [InlineData(Work.Receive, true, true, Without.AcknowledgingBeforeTheRecheck)]
    [InlineData(Work.Receive, false, true, Without.AcknowledgingBeforeTheRecheck)]
    [InlineData(Work.ReceiveWithFewBuffers, true, false, Without.Notifications)]
    [InlineData(Work.ReceiveWithFewBuffers, true, false, Without.Fences)]
    [InlineData(Work.Send, true, false, Without.Fences)]
    [InlineData(Work.Send, false, false, Without.Fences)]
    [InlineData(Work.Send, true, false, Without.Notifications)]
    [InlineData(Work.SendWithFewBuffers, true, false, Without.Recheck)]
    [InlineData(Work.SendWithFewBuffers, false, false, Without.Fences)]
    public void What_is_needed_is_missed(Work work, bool hasEventIdx, bool hasWire, Without without) =>
        Assert.NotNull(FindLostWakeUp(new ScheduleExplorer(), work, hasEventIdx, hasWire, without));

    /// <summary>The first schedule after which somebody sleeps for good with work left; null if there is none.</summary>
    private string? FindLostWakeUp(
        ScheduleExplorer explorer, Work work, bool hasEventIdx, bool hasWire, Without without)
    {
        string? lost = null;
        explorer.Explore(() =>
        {
            if (lost is null && !IsCompleted(explorer, work, hasEventIdx, hasWire, without)) lost = explorer.Schedule;
        });
        return lost;
    }

    private bool IsCompleted(ScheduleExplorer explorer, Work work, bool hasEventIdx, bool hasWire, Without without)
    {
        bool isReceive = work is Work.Receive or Work.ReceiveWithFewBuffers;
        bool hasFewBuffers = work is Work.ReceiveWithFewBuffers or Work.SendWithFewBuffers;
        ushort queueSize = hasFewBuffers ? (ushort)1 : (ushort)4;
        int frames = hasFewBuffers ? 2 : 3;
        int ringsLength = 2 * new VirtqueueLayout(queueSize).Length;
        var world = new RaceWorld(explorer, _region, ringsLength, without) { HasWire = hasWire };
        var setup = new RaceSetup();
        var transport = new RaceTransport(world, setup, hasEventIdx, queueSize);
        Assert.Equal(
            VirtioOutcome.Done,
            VirtioNetPlan.TryMake(ref transport, default(NoEntropy), 1500, 4, out VirtioNetPlan plan));
        var net = new VirtioNet<RaceTransport, RaceMemory>(transport, new RaceMemory(world), _region, in plan);
        var device = new QueueSteps(world, setup, isReceive ? 0 : 1, hasEventIdx, isReceive ? frames : int.MaxValue);
        world.Device = device;
        Assert.Equal(VirtioOutcome.Done, net.Start());
        world.IsRacing = true;
        int done = isReceive ? Receive(world, net) : Send(world, net, frames);
        Assert.True(net.IsWorking);
        return done == frames && device.UsedCount == frames;
    }

    /// <summary>A reactor that receives until it sleeps for good; returns how many frames it got.</summary>
    private static int Receive(RaceWorld world, VirtioNet<RaceTransport, RaceMemory> net)
    {
        int received = 0;
        while (true)
        {
            while (net.TryReceive(out ReceivedFrame frame))
            {
                received++;
                net.Recycle(in frame);
            }
            net.Flush();
            if (!TryArm(world, net)) continue;
            if (!world.TryHalt()) return received;
            net.Disarm();
        }
    }

    /// <summary>A reactor that sends what it has, waiting for buffers; returns how many frames it handed over.</summary>
    private static int Send(RaceWorld world, VirtioNet<RaceTransport, RaceMemory> net, int frames)
    {
        for (int sent = 0; ;)
        {
            while (sent < frames && net.TryRent(out TransmitFrame frame))
            {
                net.Send(in frame, 60, default);
                net.Flush();
                sent++;
            }
            if (sent == frames)
            {
                world.RunOut();
                return sent;
            }
            if (!TryArm(world, net)) continue;
            if (!world.TryHalt()) return sent;
            net.Disarm();
        }
    }

    private static bool TryArm(RaceWorld world, VirtioNet<RaceTransport, RaceMemory> net)
    {
        bool isArmed = net.TryArm();
        world.Acknowledge(isMisplaced: true);
        return isArmed || world.IsWithout(Without.Recheck);
    }

    private readonly struct NoEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => destination.Clear();
    }
}
