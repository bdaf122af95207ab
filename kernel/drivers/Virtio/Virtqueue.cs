using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// The driver's end of a split virtqueue (virtio 1.2 §2.7), with or without EVENT_IDX. A descriptor is bound to one
/// buffer for good, and a buffer is one descriptor; so offering a buffer again is a store into the available ring.
/// Where a device wants several in a row, <see cref="Link"/> makes a chain of them, which then goes by its head.
/// </summary>
/// <remarks>
/// <code>
///   available ring       used.idx of the device      published: avail.idx      offered, not yet published
///    ... [x][x][x] . . . . . . . [a][a][a][a][a][a] | [o][o] . . .
///                                 in flight: a and o, exactly those whose _isInFlight is set
/// </code>
/// Indices run freely modulo 65536; a slot is the index modulo the size. What the device writes is not trusted: an id
/// that is not in flight, or more used buffers than there are in flight, breaks the queue, which then yields nothing.
/// </remarks>
public sealed class Virtqueue<TMemory>
    where TMemory : struct, ISharedMemory
{
    private readonly Region _region;
    private readonly VirtqueueLayout _layout;
    private readonly bool _hasEventIdx;
    private readonly nuint _descriptors;
    private readonly nuint _avail;
    private readonly nuint _used;
    private readonly bool[] _isInFlight;
    private TMemory _memory;

    private ushort _offeredIdx;        // the next slot of the available ring
    private ushort _publishedIdx;      // avail.idx
    private ushort _decidedIdx;        // avail.idx when a notification was last decided on
    private ushort _takenIdx;          // the next slot of the used ring
    private ushort _seenIdx;           // used.idx when it was last read

    /// <param name="memory">How to touch the rings.</param>
    /// <param name="region">Their place: at least <c>layout.Length</c> bytes, aligned to 64.</param>
    /// <param name="layout">The queue's size.</param>
    /// <param name="hasEventIdx">Whether VIRTIO_F_EVENT_IDX was negotiated.</param>
    public Virtqueue(TMemory memory, Region region, VirtqueueLayout layout, bool hasEventIdx)
    {
        Invariant.Holds(region.Length >= layout.Length);
        Invariant.Holds(region.Address % VirtqueueLayout.Alignment == 0);
        _memory = memory;
        _region = region;
        _layout = layout;
        _hasEventIdx = hasEventIdx;
        _descriptors = region.Address + (nuint)layout.Descriptors;
        _avail = region.Address + (nuint)layout.AvailRing;
        _used = region.Address + (nuint)layout.UsedRing;
        _isInFlight = new bool[layout.Size];
        Reset();
    }

    /// <summary>Number of descriptors.</summary>
    public ushort Size => _layout.Size;

    /// <summary>Buffers that are the device's at the moment.</summary>
    public int InFlightCount { get; private set; }

    /// <summary>Offered but not yet published.</summary>
    public int UnpublishedCount => (ushort)(_offeredIdx - _publishedIdx);

    /// <summary>Free-running index of the next used buffer: it moves when the device makes progress.</summary>
    public ushort TakenIdx => _takenIdx;

    /// <summary>Free-running index up to which buffers were published.</summary>
    public ushort PublishedIdx => _publishedIdx;

    /// <summary>True once the device wrote something that cannot be.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What to tell the device so that it finds this queue.</summary>
    public VirtqueueSetup Setup(ushort index) => new(index, Size, _descriptors, _avail, _used);

    /// <summary>Starts over, with nothing bound: for a device that was just reset and knows of no queue.</summary>
    public void Reset()
    {
        _region.Slice(0, _layout.Length).Clear();
        _isInFlight.AsSpan().Clear();
        InFlightCount = 0;
        IsBroken = false;
        _offeredIdx = 0;
        _publishedIdx = 0;
        _decidedIdx = 0;
        _takenIdx = 0;
        _seenIdx = 0;
    }

    /// <summary>Binds a descriptor to its buffer.</summary>
    public void Bind(ushort id, nuint address, int length, bool isDeviceWritable)
    {
        Invariant.Holds(id < Size);
        Invariant.Holds(!_isInFlight[id]);
        nuint descriptor = _descriptors + (nuint)(id * VirtqueueLayout.DescriptorSize);
        _memory.Write64(descriptor, address);
        _memory.Write32(descriptor + VirtqueueLayout.DescriptorLength, (uint)length);
        _memory.Write16(
            descriptor + VirtqueueLayout.DescriptorFlags,
            isDeviceWritable ? VirtqueueLayout.DescriptorFlagWrite : (ushort)0);
        _memory.Write16(descriptor + VirtqueueLayout.DescriptorNext, 0);
    }

    /// <summary>
    /// Makes a bound descriptor be followed by another one, which was bound to its part of the buffer and is never
    /// offered by itself.
    /// </summary>
    public void Link(ushort id, ushort nextId)
    {
        Invariant.Holds(id < Size);
        Invariant.Holds(nextId < Size);
        Invariant.Holds(!_isInFlight[id]);
        nuint descriptor = _descriptors + (nuint)(id * VirtqueueLayout.DescriptorSize);
        ushort flags = _memory.Read16(descriptor + VirtqueueLayout.DescriptorFlags);
        _memory.Write16(
            descriptor + VirtqueueLayout.DescriptorFlags, (ushort)(flags | VirtqueueLayout.DescriptorFlagNext));
        _memory.Write16(descriptor + VirtqueueLayout.DescriptorNext, nextId);
    }

    /// <summary>Changes how much of its buffer a descriptor describes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetLength(int id, int length)
    {
        bool[] isInFlight = _isInFlight;
        Invariant.Holds((uint)id < (uint)isInFlight.Length);
        Invariant.Holds(!isInFlight[id]);
        nuint descriptor = _descriptors + ((nuint)(uint)id * VirtqueueLayout.DescriptorSize);
        _memory.Write32(descriptor + VirtqueueLayout.DescriptorLength, (uint)length);
    }

    /// <summary>Puts a buffer into the available ring (§2.7.13.2); <see cref="Publish"/> shows it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(int id)
    {
        bool[] isInFlight = _isInFlight;
        Invariant.Holds((uint)id < (uint)isInFlight.Length);
        Invariant.Holds(!isInFlight[id]);
        Put(id, isInFlight);
    }

    /// <summary><see cref="SetLength"/> and <see cref="Offer(int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(int id, int length)
    {
        bool[] isInFlight = _isInFlight;
        Invariant.Holds((uint)id < (uint)isInFlight.Length);
        Invariant.Holds(!isInFlight[id]);
        nuint descriptor = _descriptors + ((nuint)(uint)id * VirtqueueLayout.DescriptorSize);
        _memory.Write32(descriptor + VirtqueueLayout.DescriptorLength, (uint)length);
        Put(id, isInFlight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int id, bool[] isInFlight)
    {
        isInFlight[id] = true;
        InFlightCount++;
        nuint slot = (uint)_offeredIdx & (uint)(isInFlight.Length - 1);
        _memory.Write16(_avail + VirtqueueLayout.RingEntries + (slot * VirtqueueLayout.AvailEntrySize), (ushort)id);
        _offeredIdx++;
    }

    /// <summary>
    /// Makes everything offered visible. §2.7.13.3.1: a barrier before the idx update, so that the device sees the
    /// descriptors and the ring entries first. On x86 stores become visible in program order, so the barrier is that
    /// the compiler keeps the order, which every write of <see cref="ISharedMemory"/> asks for.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        if (_publishedIdx == _offeredIdx) return;
        _publishedIdx = _offeredIdx;
        _memory.Write16(_avail + VirtqueueLayout.RingIdx, _publishedIdx);
    }

    /// <summary>True if the device wants to be told about what was published since the last call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ShouldNotify()
    {
        ushort old = _decidedIdx;
        if (old == _publishedIdx) return false;
        _decidedIdx = _publishedIdx;
        // §2.7.13.4.1: a barrier before reading flags or avail_event. Without it the read may overtake the write of
        // idx: the device, about to sleep, misses the new idx and we miss its wish to be woken.
        _memory.Fence();
        if (!_hasEventIdx)
            return (_memory.Read16(_used + VirtqueueLayout.RingFlags) & VirtqueueLayout.UsedNoNotify) == 0;
        // §2.7.10.1: notify if the slot that avail_event names is among those just published.
        ushort availEvent = _memory.Read16(_used + (nuint)_layout.AvailEvent);
        return (ushort)(_publishedIdx - availEvent - 1) < (ushort)(_publishedIdx - old);
    }

    /// <summary>Takes the next used buffer: which one, and how many bytes the device says it wrote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out ushort id, out uint length)
    {
        id = 0;
        length = 0;
        if (!HasUsed) return false;
        // The device wrote the entry before used.idx (§2.7.8.2), and reads stay in program order.
        bool[] isInFlight = _isInFlight;
        nuint slot = (uint)_takenIdx & (uint)(isInFlight.Length - 1);
        nuint entry = _used + VirtqueueLayout.RingEntries + (slot * VirtqueueLayout.UsedEntrySize);
        uint claimed = _memory.Read32(entry);
        if (claimed >= (uint)isInFlight.Length || !isInFlight[claimed])
        {
            BreakSlow();
            return false;
        }
        id = (ushort)claimed;
        length = _memory.Read32(entry + VirtqueueLayout.UsedEntryLength);
        isInFlight[claimed] = false;
        InFlightCount--;
        _takenIdx++;
        return true;
    }

    /// <summary>
    /// True if <see cref="TryTake"/> has something to take. Hot: once per round even if nothing has come.
    /// </summary>
    public bool HasUsed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_takenIdx != _seenIdx) return true;
            ushort idx = _memory.Read16(_used + VirtqueueLayout.RingIdx);
            return idx != _takenIdx && Sees(idx);
        }
    }

    /// <summary>
    /// Asks for an interrupt at the next used buffer. Fails if there is one already: then take it instead of sleeping.
    /// </summary>
    public bool TryArm()
    {
        if (IsBroken) return false;
        if (_takenIdx != _seenIdx) return false;
        if (_hasEventIdx) _memory.Write16(_avail + (nuint)_layout.UsedEvent, _takenIdx);
        else _memory.Write16(_avail + VirtqueueLayout.RingFlags, 0);
        // §2.7.14: buffers may be used between the last look and the line above, and raise no interrupt. So look once
        // more; and the fence, because that look must not overtake the request. Either the device reads the request
        // after it wrote used.idx, and interrupts, or it wrote used.idx before, and this look sees it.
        _memory.Fence();
        if (_memory.Read16(_used + VirtqueueLayout.RingIdx) == _takenIdx) return true;
        Disarm();
        return false;
    }

    /// <summary>Says that no interrupt is wanted. The device may send one all the same (§2.7.7.1).</summary>
    public void Disarm()
    {
        // The furthest index in the future is the one just passed.
        if (_hasEventIdx) _memory.Write16(_avail + (nuint)_layout.UsedEvent, (ushort)(_takenIdx - 1));
        else _memory.Write16(_avail + VirtqueueLayout.RingFlags, VirtqueueLayout.AvailNoInterrupt);
    }

    /// <summary>What the device writes from here on is not looked at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BreakSlow()
    {
        IsBroken = true;
        _seenIdx = _takenIdx;
    }

    /// <summary>Takes note of a used.idx that has moved; false if it cannot be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Sees(ushort idx)
    {
        if (IsBroken) return false;
        if ((ushort)(idx - _takenIdx) > InFlightCount)
        {
            IsBroken = true;
            return false;
        }
        _seenIdx = idx;
        return true;
    }
}
