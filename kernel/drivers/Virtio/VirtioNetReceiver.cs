using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// The receive queue of a network device. Descriptor <c>i</c> is buffer <c>i</c>; a buffer is the device's, or lent out
/// as a <see cref="ReceivedFrame"/> until it is recycled.
/// </summary>
internal sealed class VirtioNetReceiver<TTransport, TMemory>
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
{
    private readonly Virtqueue<TMemory> _queue;
    private readonly Region _buffers;
    private readonly VirtioNetCounters _counters;
    private readonly int _bufferSize;
    private readonly int _bufferStride;
    private readonly int _publishBatch;
    private readonly bool _hasGuestCsum;
    private TTransport _transport;
    private NotificationWatch _watch;
    private uint _notifyOffset;
    private ushort _repeatedIdx;

    public VirtioNetReceiver(
        TTransport transport, Virtqueue<TMemory> queue, Region buffers, in VirtioNetPlan plan,
        VirtioNetCounters counters)
    {
        _transport = transport;
        _queue = queue;
        _buffers = buffers;
        _counters = counters;
        _bufferSize = plan.BufferSize;
        _bufferStride = plan.BufferStride;
        _hasGuestCsum = plan.Has(VirtioNetFeature.GuestCsum);
        // Publishing is a store that costs the device a cache line, so recycled buffers are published a quarter of the
        // ring at a time. The device keeps the other three.
        _publishBatch = Math.Max(queue.Size / 4, 1);
    }

    public bool IsBroken => _queue.IsBroken;

    public bool HasUsed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _queue.HasUsed;
    }

    /// <summary>True while buffers were published that no repeated notification has covered.</summary>
    public bool IsWatching => _queue.PublishedIdx != _repeatedIdx;

    /// <summary>Gives a freshly reset device the queue and every buffer; the device may not be notified yet.</summary>
    public VirtioOutcome Enable()
    {
        _queue.Reset();
        _watch = default;
        _repeatedIdx = 0;
        for (int i = 0; i < _queue.Size; i++)
            _queue.Bind((ushort)i, AddressOf(i), _bufferSize, isDeviceWritable: true);
        _queue.Disarm();
        VirtioOutcome outcome = _transport.EnableQueue(_queue.Setup(VirtioNetPlan.ReceiveQueue), out _notifyOffset);
        if (outcome != VirtioOutcome.Done) return outcome;
        for (int i = 0; i < _queue.Size; i++) _queue.Offer((ushort)i);
        _queue.Publish();
        return VirtioOutcome.Done;
    }

    /// <summary>Hot: once per frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out ReceivedFrame frame)
    {
        while (_queue.TryTake(out ushort id, out uint length))
        {
            if (TryOpen(id, length, out frame)) return true;
            DropSlow(id);
        }
        frame = default;
        return false;
    }

    /// <summary>Hot: once per frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Recycle(int token)
    {
        Virtqueue<TMemory> queue = _queue;
        queue.Offer(token);
        if (queue.UnpublishedCount >= _publishBatch) PublishSlow();
    }

    /// <summary>Gives every recycled buffer to the device, and tells it if it waits for them.</summary>
    public void Publish()
    {
        _queue.Publish();
        if (_queue.ShouldNotify()) Notify();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PublishSlow() => Publish();

    public bool TryArm() => _queue.TryArm();

    public void Disarm() => _queue.Disarm();

    /// <summary>
    /// A device that ran out of buffers and missed the notification looks exactly like a quiet network. So each time
    /// buffers were published and then nothing arrived for a while, the notification is repeated once.
    /// </summary>
    public void Recheck(long nowMicros)
    {
        if (!_watch.IsOverdue(IsWatching, _queue.TakenIdx, nowMicros, out _)) return;
        _repeatedIdx = _queue.PublishedIdx;
        _counters.RepeatedNotifications++;
        Notify();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryOpen(ushort id, uint length, out ReceivedFrame frame)
    {
        frame = default;
        // The device says how much it wrote; it cannot be more than it was allowed to, nor less than two headers.
        if (length > (uint)_bufferSize) return false;
        if (length < VirtioNetHeader.Size + VirtioNetPlan.EthernetHeaderSize) return false;
        Span<byte> octets = _buffers.Slice((long)id * _bufferStride, (int)length);
        if (!VirtioNetHeader.IsWholeFrame(octets)) return false;
        bool isChecksumValid = _hasGuestCsum && VirtioNetHeader.IsChecksumVouchedFor(octets);
        frame = new ReceivedFrame(octets.Slice(VirtioNetHeader.Size), id, isChecksumValid);
        VirtioNetCounters counters = _counters;
        counters.ReceivedFrames++;
        counters.ReceivedBytes += (int)length - VirtioNetHeader.Size;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DropSlow(int id)
    {
        _counters.MalformedFrames++;
        Recycle(id);
    }

    private void Notify()
    {
        _counters.Notifications++;
        _transport.Notify(VirtioNetPlan.ReceiveQueue, _notifyOffset);
    }

    private nuint AddressOf(int id) => _buffers.Address + (nuint)id * (nuint)_bufferStride;
}
