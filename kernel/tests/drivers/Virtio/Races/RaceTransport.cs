using Memcachier.Kernel.Drivers.Virtio;

namespace Memcachier.Kernel.Tests.Drivers.Virtio.Races;

/// <summary>What a device of this world learned while it was set up.</summary>
internal sealed class RaceSetup
{
    public byte Status { get; set; }

    public ulong Features { get; set; }

    public VirtqueueSetup[] Queues { get; } = new VirtqueueSetup[2];
}

/// <summary>The registers of a network device in a <see cref="RaceWorld"/>: only the parts that race do anything.</summary>
internal readonly struct RaceTransport(RaceWorld world, RaceSetup setup, bool hasEventIdx, ushort queueSize)
    : IVirtioTransport
{
    public uint DeviceId => VirtioDeviceId.Network;

    public bool HasInterrupt => true;

    public uint ConfigLength => 0;

    public byte ReadStatus() => setup.Status;

    public void WriteStatus(byte status) => setup.Status = status;

    public ulong ReadDeviceFeatures() => VirtioFeature.Version1 | (hasEventIdx ? VirtioFeature.EventIdx : 0);

    public void WriteDriverFeatures(ulong features) => setup.Features = features;

    public ushort ReadQueueSizeMax(ushort queue) => queueSize;

    public VirtioOutcome EnableQueue(in VirtqueueSetup queue, out uint notifyOffset)
    {
        notifyOffset = 0;
        setup.Queues[queue.Index] = queue;
        return VirtioOutcome.Done;
    }

    public void Notify(ushort queue, uint notifyOffset) => world.Notify(queue);

    public void AcknowledgeInterrupts() => world.Acknowledge();

    public uint ReadConfigGeneration() => 0;

    public byte ReadConfig8(uint offset) => 0;

    public ushort ReadConfig16(uint offset) => 0;

    public uint ReadConfig32(uint offset) => 0;
}
