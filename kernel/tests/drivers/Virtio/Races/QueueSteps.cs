using Memcachier.Kernel.Drivers.Virtio;

namespace Memcachier.Kernel.Tests.Drivers.Virtio.Races;

/// <summary>
/// A device that uses buffers of one queue as they come, one access per step, with the barriers that virtio 1.2 §2.7 asks
/// of a device. For a receive queue it has a number of frames to deliver; for a transmit queue it takes what comes.
/// </summary>
internal sealed class QueueSteps(RaceWorld world, RaceSetup setup, int queue, bool hasEventIdx, int limit) : IDeviceSteps
{
    private Phase _phase;
    private ushort _lastAvail;
    private ushort _usedIdx;
    private ushort _head;

    private enum Phase
    {
        LookForBuffer,
        ReadHead,
        WriteUsedEntry,
        WriteUsedIdx,
        ReadDriverEvent,
        Interrupt,
        AskForNotification,
        LookAgain,
        Asleep,
        StopNotifications,
    }

    /// <summary>Buffers used so far.</summary>
    public int UsedCount => _usedIdx;

    public bool CanStep => _phase switch
    {
        Phase.LookForBuffer => UsedCount < limit,
        Phase.Asleep => world.IsNotified[queue],
        _ => true,
    };

    public ulong State => (ulong)_phase | (ulong)_lastAvail << 16 | (ulong)_usedIdx << 32 | (ulong)_head << 48;

    private VirtqueueSetup Queue => setup.Queues[queue];

    private nuint AvailIdx => (nuint)Queue.Driver + 2;

    private nuint UsedEvent => (nuint)Queue.Driver + 4 + (2u * (nuint)Queue.Size);

    private nuint AvailEvent => (nuint)Queue.Device + 4 + (8u * (nuint)Queue.Size);

    public void Step() => _phase = Next();

    private Phase Next()
    {
        switch (_phase)
        {
            case Phase.LookForBuffer:
                return world.Memory(AvailIdx, 2) == _lastAvail ? Phase.AskForNotification : Phase.ReadHead;

            case Phase.ReadHead:
                int slot = _lastAvail++ & (Queue.Size - 1);
                _head = (ushort)world.Memory((nuint)Queue.Driver + 4 + (2u * (nuint)slot), 2);
                return Phase.WriteUsedEntry;

            case Phase.WriteUsedEntry:
                nuint entry = (nuint)Queue.Device + 4 + (8u * (nuint)(_usedIdx & (Queue.Size - 1)));
                world.SetMemory(entry, 4, _head);
                world.SetMemory(entry + 4, 4, queue == 0 ? 60u : 0);
                return Phase.WriteUsedIdx;

            case Phase.WriteUsedIdx:
                world.SetMemory((nuint)Queue.Device + 2, 2, ++_usedIdx);
                return Phase.ReadDriverEvent;

            case Phase.ReadDriverEvent:
                // §2.7.7.2: after the entry was written, see whether the driver wants to hear of it.
                bool isWanted = hasEventIdx
                    ? world.Memory(UsedEvent, 2) == (ushort)(_usedIdx - 1)
                    : world.Memory((nuint)Queue.Driver, 2) == 0;
                return isWanted ? Phase.Interrupt : Phase.LookForBuffer;

            case Phase.Interrupt:
                world.Interrupt();
                return Phase.LookForBuffer;

            case Phase.AskForNotification:
                if (hasEventIdx) world.SetMemory(AvailEvent, 2, _lastAvail);
                else world.SetMemory((nuint)Queue.Device, 2, 0);
                return Phase.LookAgain;

            case Phase.LookAgain:
                // The device's own barrier stands before this look: its writes are visible at once here.
                return world.Memory(AvailIdx, 2) == _lastAvail ? Phase.Asleep : Phase.StopNotifications;

            case Phase.Asleep:
                world.IsNotified[queue] = false;
                return Phase.StopNotifications;

            default:
                if (!hasEventIdx) world.SetMemory((nuint)Queue.Device, 2, 1);
                return Phase.LookForBuffer;
        }
    }
}
