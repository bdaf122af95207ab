using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// The transmit queue of a network device. Descriptor <c>i</c> is buffer <c>i</c>, which is free, rented as a
/// <see cref="TransmitFrame"/>, or the device's.
/// </summary>
/// <remarks>
/// Sent buffers are taken back without interrupts: at a flush, a few at a time, and when none is free. The free ones are
/// a stack, so that a quiet appliance uses the same few buffers, which stay in the cache.
/// </remarks>
internal sealed class VirtioNetTransmitter<TTransport, TMemory>
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
{
    private readonly Virtqueue<TMemory> _queue;
    private readonly Region _buffers;
    private readonly VirtioNetCounters _counters;
    private readonly ushort[] _free;
    private readonly int _bufferStride;
    private readonly int _frameSizeMax;
    private readonly int _reclaimBatch;
    private readonly bool _hasCsum;
    private TTransport _transport;
    private NotificationWatch _watch;
    private uint _notifyOffset;
    private int _freeCount;

    public VirtioNetTransmitter(
        TTransport transport, Virtqueue<TMemory> queue, Region buffers, in VirtioNetPlan plan,
        VirtioNetCounters counters)
    {
        _transport = transport;
        _queue = queue;
        _buffers = buffers;
        _counters = counters;
        _free = new ushort[queue.Size];
        _bufferStride = plan.BufferStride;
        // A look costs as much as taking back two, and what few buffers are left with the device stay in the cache.
        _reclaimBatch = queue.Size / 32;
        _frameSizeMax = VirtioNetPlan.EthernetHeaderSize + plan.Mtu;
        _hasCsum = plan.Has(VirtioNetFeature.Csum);
    }

    public bool IsBroken => _queue.IsBroken;

    /// <summary>True from a failed rent to one that succeeds, or until the caller was told to try again.</summary>
    public bool IsStarved { get; private set; }

    /// <summary>True while the device has frames to send.</summary>
    public bool IsWatching => _queue.InFlightCount != 0;

    /// <summary>Gives a freshly reset device the queue, with every buffer free.</summary>
    public VirtioOutcome Enable()
    {
        _queue.Reset();
        _watch = default;
        _freeCount = 0;
        IsStarved = false;
        for (int i = _queue.Size - 1; i >= 0; i--)
        {
            _queue.Bind((ushort)i, _buffers.Address + (nuint)i * (nuint)_bufferStride, 0, isDeviceWritable: false);
            _free[_freeCount++] = (ushort)i;
        }
        _queue.Disarm();
        return _transport.EnableQueue(_queue.Setup(VirtioNetPlan.TransmitQueue), out _notifyOffset);
    }

    /// <summary>Hot: once per frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(out TransmitFrame frame)
    {
        if (_freeCount == 0 && !HasFreeSlow())
        {
            frame = default;
            return false;
        }
        IsStarved = false;
        ushort id = _free[--_freeCount];
        frame = new TransmitFrame(
            _buffers.Slice(((long)id * _bufferStride) + VirtioNetHeader.Size, _frameSizeMax), id);
        return true;
    }

    /// <summary>Hot: once per frame.</summary>
    public void Send(int token, int length, TransmitChecksum checksum)
    {
        Virtqueue<TMemory> queue = _queue;
        Invariant.Holds(length >= VirtioNetPlan.EthernetHeaderSize);
        Invariant.Holds(length <= _frameSizeMax);
        Invariant.Holds(_hasCsum || !checksum.IsNeeded);
        VirtioNetHeader.Write(_buffers.Slice((long)token * _bufferStride, VirtioNetHeader.Size), checksum);
        queue.Offer(token, VirtioNetHeader.Size + length);
        VirtioNetCounters counters = _counters;
        counters.SentFrames++;
        counters.SentBytes += length;
    }

    public void Return(int token)
    {
        Invariant.Holds((uint)token < _queue.Size);
        Invariant.Holds(_freeCount < _queue.Size);
        _free[_freeCount++] = (ushort)token;
    }

    /// <summary>Hot: once per round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        Virtqueue<TMemory> queue = _queue;
        queue.Publish();
        if (queue.ShouldNotify()) Notify();
        if (queue.InFlightCount >= _reclaimBatch) Reclaim();
    }

    /// <summary>
    /// If someone waits for a buffer, asks for an interrupt when one becomes free. Fails if one is free: then the
    /// caller must try again before it sleeps.
    /// </summary>
    public bool TryArm()
    {
        if (!IsStarved) return true;
        if (_freeCount == 0 && _queue.TryArm()) return true;
        IsStarved = false;
        return false;
    }

    public void Disarm() => _queue.Disarm();

    public void Recheck(long nowMicros)
    {
        Reclaim();
        bool isOverdue = _watch.IsOverdue(IsWatching, _queue.TakenIdx, nowMicros, out bool hasHelped);
        if (hasHelped) _counters.RepeatedNotificationsThatHelped++;
        if (!isOverdue) return;
        _counters.RepeatedNotifications++;
        Notify();
    }

    /// <summary>The device had all of them: true if it has given one back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasFreeSlow()
    {
        Reclaim();
        if (_freeCount > 0) return true;
        IsStarved = true;
        _counters.TransmitExhausted++;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Reclaim()
    {
        // §2.7.8.2: the length of a used buffer that the device only reads says nothing.
        ushort[] free = _free;
        int count = _freeCount;
        while (_queue.TryTake(out ushort id, out _)) free[count++] = id;
        _freeCount = count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Notify()
    {
        _counters.Notifications++;
        _transport.Notify(VirtioNetPlan.TransmitQueue, _notifyOffset);
    }
}
