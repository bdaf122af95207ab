using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// A virtio entropy device (virtio 1.2 §5.4): random bytes from the hypervisor's host, fetched while the caller waits,
/// for a bounded time. Used while booting, so one small buffer is enough.
/// </summary>
public sealed class VirtioRng<TTransport, TMemory>
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
{
    private const ushort RequestQueue = 0, RequestId = 0;
    private const int BufferLength = 256;
    private const long RenotifyMicros = 1_000;

    private readonly Virtqueue<TMemory> _queue;
    private readonly Region _buffer;
    private TTransport _transport;
    private uint _notifyOffset;
    private bool _isWorking;

    /// <param name="transport">The device's registers.</param>
    /// <param name="memory">How to touch the ring.</param>
    /// <param name="region"><see cref="MemoryLength"/> bytes, aligned to 64; the driver's from now on.</param>
    public VirtioRng(TTransport transport, TMemory memory, Region region)
    {
        Invariant.Holds(region.Length >= MemoryLength);
        _transport = transport;
        _queue = new Virtqueue<TMemory>(memory, region, Layout, hasEventIdx: false);
        _buffer = region.Part(Layout.Length, BufferLength);
    }

    /// <summary>Bytes of memory that the driver needs.</summary>
    public static long MemoryLength => Layout.Length + BufferLength;

    private static VirtqueueLayout Layout => new(1);

    /// <summary>Resets the device, negotiates and starts it.</summary>
    public VirtioOutcome Start()
    {
        if (_transport.DeviceId != VirtioDeviceId.Entropy) return VirtioOutcome.WrongDevice;
        VirtioOutcome outcome = VirtioHandshake.Begin(ref _transport, out ulong offered);
        if (outcome != VirtioOutcome.Done) return outcome;
        // One request at a time is waited for by polling: event indices would not save anything.
        ulong features = offered & VirtioFeature.Common & ~VirtioFeature.EventIdx;
        outcome = VirtioHandshake.AcceptFeatures(ref _transport, features);
        if (outcome != VirtioOutcome.Done) return outcome;
        if (_transport.ReadQueueSizeMax(RequestQueue) == 0)
            return VirtioHandshake.Fail(ref _transport, VirtioOutcome.QueueMissing);
        _queue.Reset();
        _queue.Disarm();
        outcome = _transport.EnableQueue(_queue.Setup(RequestQueue), out _notifyOffset);
        if (outcome != VirtioOutcome.Done) return VirtioHandshake.Fail(ref _transport, outcome);
        VirtioHandshake.Finish(ref _transport);
        _isWorking = true;
        return VirtioOutcome.Done;
    }

    /// <summary>
    /// Fills <paramref name="destination"/>, or fails after <paramref name="timeoutMicros"/>. A device that failed once
    /// has been reset and stays silent: it may not write into the buffer at a time of its choosing.
    /// </summary>
    public bool TryFill<TClock>(Span<byte> destination, TClock clock, long timeoutMicros)
        where TClock : struct, IClock
    {
        long deadlineMicros = clock.NowMicros + timeoutMicros;
        while (destination.Length > 0)
        {
            if (!_isWorking) return false;
            int asked = Math.Min(destination.Length, BufferLength);
            Request(asked);
            if (!TryWait(clock, deadlineMicros, out uint length) || length == 0 || length > (uint)asked)
            {
                _isWorking = false;
                _ = VirtioHandshake.TryReset(ref _transport);
                return false;
            }
            // §5.4.6.1: the device may give less than was asked for.
            Span<byte> answer = _buffer.Slice(0, (int)length);
            answer.CopyTo(destination);
            answer.Clear();
            destination = destination.Slice(answer.Length);
        }
        return true;
    }

    private void Request(int length)
    {
        _queue.Bind(RequestId, _buffer.Address, length, isDeviceWritable: true);
        _queue.Offer(RequestId);
        _queue.Publish();
        if (_queue.ShouldNotify()) _transport.Notify(RequestQueue, _notifyOffset);
    }

    private bool TryWait<TClock>(TClock clock, long deadlineMicros, out uint length)
        where TClock : struct, IClock
    {
        long renotifyMicros = clock.NowMicros + RenotifyMicros;
        while (!_queue.TryTake(out _, out length))
        {
            long nowMicros = clock.NowMicros;
            if (_queue.IsBroken || nowMicros >= deadlineMicros) return false;
            if (nowMicros < renotifyMicros) continue;
            // Some hypervisors lose a notification now and then.
            renotifyMicros = nowMicros + RenotifyMicros;
            _transport.Notify(RequestQueue, _notifyOffset);
        }
        return true;
    }
}
