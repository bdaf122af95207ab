using System;
using System.Collections.Generic;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>
/// The device's end of a split virtqueue, written from virtio 1.2 §2.7 and knowing nothing of the driver. It refuses
/// every step that the specification forbids the driver.
/// </summary>
internal sealed class VirtqueueModel(DmaMemory memory, int index, ushort sizeMax)
{
    private bool[] _isInFlight = [];

    /// <summary>A descriptor chain in the order of its links.</summary>
    public readonly record struct Chain(ushort Head, List<(ulong Address, uint Length, bool IsWritable)> Buffers);

    public int Index => index;

    public ushort SizeMax { get; } = sizeMax;

    public ushort Size { get; set; } = sizeMax;

    public ulong Descriptors { get; set; }

    public ulong Driver { get; set; }

    public ulong Device { get; set; }

    public ushort Vector { get; set; } = 0xFFFF;

    public bool IsEnabled { get; private set; }

    public bool HasEventIdx { get; private set; }

    /// <summary>Free-running index of the next available entry.</summary>
    public ushort LastAvail { get; private set; }

    /// <summary>Free-running index of the next used entry.</summary>
    public ushort UsedIdx { get; private set; }

    public int InFlightCount { get; private set; }

    public void Reset()
    {
        IsEnabled = false;
        Size = SizeMax;
        Descriptors = Driver = Device = 0;
        Vector = 0xFFFF;
        LastAvail = UsedIdx = 0;
        InFlightCount = 0;
    }

    public void Enable(bool hasEventIdx)
    {
        if (IsEnabled) throw new ModelException("a queue was enabled twice");
        if (Size == 0 || (Size & (Size - 1)) != 0) throw new ModelException($"queue size {Size} is no power of two");
        if (Size > SizeMax) throw new ModelException($"queue size {Size} is above the maximum {SizeMax}");
        if (Descriptors % 16 != 0) throw new ModelException("the descriptor table is not aligned to 16");
        if (Driver % 2 != 0) throw new ModelException("the driver area is not aligned to 2");
        if (Device % 4 != 0) throw new ModelException("the device area is not aligned to 4");
        _ = memory.Slice(Descriptors, 16u * Size);
        _ = memory.Slice(Driver, 6 + (2u * Size));
        Span<byte> used = memory.Slice(Device, 6 + (8u * Size));
        // §2.7.10.1: the driver initializes flags to 0; this driver clears everything.
        if (used.ContainsAnyExcept((byte)0)) throw new ModelException("the used ring was not cleared");
        CheckDisjoint((Descriptors, 16u * Size), (Driver, 6 + (2u * Size)), (Device, 6 + (8u * Size)));
        _isInFlight = new bool[Size];
        HasEventIdx = hasEventIdx;
        IsEnabled = true;
    }

    /// <summary>Available entries that were not taken yet.</summary>
    public int Available()
    {
        int count = (ushort)(memory.Read16(Driver + 2) - LastAvail);
        if (count > Size - InFlightCount) throw new ModelException("more entries are available than can be");
        return count;
    }

    public bool TryPop(out Chain chain)
    {
        chain = default;
        if (Available() == 0) return false;
        ushort head = memory.Read16(Driver + 4 + (2u * (uint)(LastAvail % Size)));
        chain = new Chain(head, Walk(head));
        LastAvail++;
        return true;
    }

    /// <summary>Takes a popped chain back, as §2.7.14's device may until it used it.</summary>
    public void Push(ushort head, uint written)
    {
        PushRaw(head, written);
        foreach ((ulong _, uint _, bool _) in Walk(head, isReturning: true)) InFlightCount--;
    }

    /// <summary>Writes a used entry, even one that may not be.</summary>
    public void PushRaw(uint id, uint written)
    {
        ulong entry = Device + 4 + (8u * (uint)(UsedIdx % Size));
        memory.Write32(entry, id);
        memory.Write32(entry + 4, written);
        UsedIdx++;
        memory.Write16(Device + 2, UsedIdx);
    }

    /// <summary>Moves used.idx without having used anything.</summary>
    public void ForgeUsedIdx(ushort idx)
    {
        UsedIdx = idx;
        memory.Write16(Device + 2, idx);
    }

    /// <summary>§2.7.7.2: whether the driver must hear of the entries pushed since <paramref name="old"/>.</summary>
    public bool MustInterrupt(ushort old)
    {
        ushort flags = memory.Read16(Driver);
        if (!HasEventIdx)
        {
            if (flags > 1) throw new ModelException("avail.flags is neither 0 nor 1");
            return flags == 0;
        }
        if (flags != 0) throw new ModelException("avail.flags must be 0 with EVENT_IDX");
        ushort usedEvent = memory.Read16(Driver + 4 + (2u * Size));
        return (ushort)(UsedIdx - usedEvent - 1) < (ushort)(UsedIdx - old);
    }

    /// <summary>Asks to be notified about the next available entry, or not to be.</summary>
    public void WantNotifications(bool wanted)
    {
        if (!HasEventIdx) memory.Write16(Device, wanted ? (ushort)0 : (ushort)1);
        else memory.Write16(Device + 4 + (8u * Size), wanted ? LastAvail : (ushort)(LastAvail - 1));
    }

    private List<(ulong Address, uint Length, bool IsWritable)> Walk(ushort head, bool isReturning = false)
    {
        var buffers = new List<(ulong, uint, bool)>();
        bool isWritableSeen = false;
        for (ushort id = head; ;)
        {
            if (id >= Size) throw new ModelException($"descriptor {id} does not exist");
            if (_isInFlight[id] != isReturning) throw new ModelException($"descriptor {id} was reused while in flight");
            _isInFlight[id] = !isReturning;
            if (!isReturning) InFlightCount++;
            ulong descriptor = Descriptors + (16u * id);
            ulong address = memory.Read64(descriptor);
            uint length = memory.Read32(descriptor + 8);
            ushort flags = memory.Read16(descriptor + 12);
            if ((flags & ~3) != 0) throw new ModelException($"descriptor flags {flags:x} were not negotiated");
            bool isWritable = (flags & 2) != 0;
            if (isWritableSeen && !isWritable) throw new ModelException("a readable descriptor follows a writable one");
            if (length == 0) throw new ModelException("an empty descriptor");
            isWritableSeen |= isWritable;
            _ = memory.Slice(address, length);
            buffers.Add((address, length, isWritable));
            if ((flags & 1) == 0) return buffers;
            id = memory.Read16(descriptor + 14);
        }
    }

    private static void CheckDisjoint(params (ulong Start, uint Length)[] areas)
    {
        for (int i = 0; i < areas.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (ulong Start, uint Length) a = areas[i], b = areas[j];
                if (a.Start < b.Start + b.Length && b.Start < a.Start + a.Length)
                    throw new ModelException("the parts of a queue overlap");
            }
        }
    }
}
