using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Net.Arp;

/// <summary>
/// Frames that wait for their next hop's hardware address: a pool of slots, chained into one first-in, first-out queue
/// for each unresolved neighbour and one of those that are ready to leave.
/// </summary>
/// <remarks>
/// They are copies, so that no transmit buffer of the device waits for a stranger's answer. Resolution is rare enough.
/// </remarks>
public sealed class PendingFrames
{
    private readonly byte[] _octets;
    private readonly int _slotSize;
    private readonly Slot[] _slots;
    private Queue _free = Queue.Empty;
    private Queue _ready = Queue.Empty;

    /// <param name="count">How many frames can wait.</param>
    /// <param name="frameSizeMax">The largest of them in bytes.</param>
    public PendingFrames(int count, int frameSizeMax)
    {
        _octets = new byte[count * frameSizeMax];
        _slotSize = frameSizeMax;
        _slots = new Slot[count];
        for (int slot = 0; slot < count; slot++) Append(ref _free, slot);
    }

    /// <summary>True if frames wait that <see cref="TryTakeReady"/> would give.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>How many slots hold nothing.</summary>
    public int FreeCount => _free.Count;

    /// <summary>Copies a frame to the end of a queue; fails if no slot is free.</summary>
    public bool TryHold(ref Queue queue, ReadOnlySpan<byte> frame, TransmitChecksum checksum)
    {
        if (_free.Count == 0) return false;
        int slot = RemoveFirst(ref _free);
        frame.CopyTo(Octets(slot));
        _slots[slot].Length = frame.Length;
        _slots[slot].Checksum = checksum;
        Append(ref queue, slot);
        return true;
    }

    /// <summary>Forgets the frame that has waited longest in a queue.</summary>
    public void DropOldest(ref Queue queue) => Append(ref _free, RemoveFirst(ref queue));

    /// <summary>The neighbour answered: its frames are ready, addressed to it.</summary>
    public void Release(ref Queue queue, MacAddress destination)
    {
        while (queue.Count > 0)
        {
            int slot = RemoveFirst(ref queue);
            destination.Write(Octets(slot));
            Append(ref _ready, slot);
        }
    }

    /// <summary>Forgets the frames that are ready: what they were sent from is no longer ours.</summary>
    public void DropReady()
    {
        while (_ready.Count > 0) DropOldest(ref _ready);
    }

    /// <summary>Copies the next ready frame to <paramref name="frame"/> and frees its slot.</summary>
    public bool TryTakeReady(Span<byte> frame, out int length, out TransmitChecksum checksum)
    {
        length = 0;
        checksum = default;
        if (_ready.Count == 0) return false;
        int slot = RemoveFirst(ref _ready);
        length = _slots[slot].Length;
        checksum = _slots[slot].Checksum;
        Octets(slot).Slice(0, length).CopyTo(frame);
        Append(ref _free, slot);
        return true;
    }

    private Span<byte> Octets(int slot) => _octets.AsSpan(slot * _slotSize, _slotSize);

    private void Append(ref Queue queue, int slot)
    {
        if (queue.Count == 0) queue.First = slot;
        else _slots[queue.Last].Next = slot;
        queue.Last = slot;
        queue.Count++;
    }

    private int RemoveFirst(ref Queue queue)
    {
        Invariant.Holds(queue.Count > 0);
        int slot = queue.First;
        queue.First = _slots[slot].Next;
        queue.Count--;
        return slot;
    }

    /// <summary>The ends of a chain of slots; <c>default</c> is empty.</summary>
    public struct Queue
    {
        internal int First;
        internal int Last;

        public static Queue Empty => default;

        /// <summary>How many frames it holds.</summary>
        public int Count { get; internal set; }
    }

    private struct Slot
    {
        public int Next;
        public int Length;
        public TransmitChecksum Checksum;
    }
}
