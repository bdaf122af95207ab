using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// A virtio network device (virtio 1.2 §5.1) with one queue pair on split rings. Everything is allocated by the
/// constructor; receiving and sending allocate nothing.
/// </summary>
/// <remarks>
/// The device is polled. Only <see cref="TryArm"/> asks for an interrupt, for a reactor that is about to halt.
/// <code>
///   Restart() ---> working --- the device breaks the protocol, or asks for a reset ---> failed ---> Restart()
/// </code>
/// A failed device receives nothing and lends nothing.
/// </remarks>
public sealed class VirtioNet<TTransport, TMemory>
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
{
    private const long StatusIntervalMicros = 1_000_000;

    private readonly VirtioNetReceiver<TTransport, TMemory> _receiver;
    private readonly VirtioNetTransmitter<TTransport, TMemory> _transmitter;
    private readonly VirtioNetPlan _plan;
    private TTransport _transport;
    private long _statusReadMicros;
    private long _revivedMicros;
    private bool _isWorking;
    private bool _isArmed;

    /// <param name="transport">The device that <paramref name="plan"/> was made with.</param>
    /// <param name="memory">How to touch the rings.</param>
    /// <param name="region"><c>plan.MemoryLength</c> bytes, aligned to 64; the driver's from now on.</param>
    /// <param name="plan">What was negotiated.</param>
    public VirtioNet(TTransport transport, TMemory memory, Region region, in VirtioNetPlan plan)
    {
        Invariant.Holds(region.Length >= plan.MemoryLength);
        _transport = transport;
        _plan = plan;
        bool hasEventIdx = plan.Has(VirtioFeature.EventIdx);
        long offset = 0;
        Region receiveRing = Take(region, ref offset, plan.Receive.Length);
        Region transmitRing = Take(region, ref offset, plan.Transmit.Length);
        Region receiveBuffers = Take(region, ref offset, (long)plan.BufferStride * plan.Receive.Size);
        Region transmitBuffers = Take(region, ref offset, (long)plan.BufferStride * plan.Transmit.Size);
        var receiveQueue = new Virtqueue<TMemory>(memory, receiveRing, plan.Receive, hasEventIdx);
        var transmitQueue = new Virtqueue<TMemory>(memory, transmitRing, plan.Transmit, hasEventIdx);
        _receiver = new VirtioNetReceiver<TTransport, TMemory>(
            transport, receiveQueue, receiveBuffers, in plan, Counters);
        _transmitter = new VirtioNetTransmitter<TTransport, TMemory>(
            transport, transmitQueue, transmitBuffers, in plan, Counters);
    }

    public MacAddress MacAddress => _plan.MacAddress;

    public int Mtu => _plan.Mtu;

    public bool CanOffloadChecksum => _plan.Has(VirtioNetFeature.Csum);

    /// <summary>False if arrivals can only be found by polling; <see cref="TryArm"/> then always fails.</summary>
    public bool HasInterrupt => _transport.HasInterrupt;

    /// <summary>True until the device fails, and again after <see cref="Restart"/>.</summary>
    public bool IsWorking => _isWorking;

    /// <summary>
    /// How soon <see cref="Recheck"/> wants to be called again: within a few milliseconds while the device has something
    /// to do that it may not have been told of, else when its status is due.
    /// </summary>
    public long RecheckMicros
    {
        get
        {
            bool isWatching = _isWorking && (_receiver.IsWatching || _transmitter.IsWatching);
            return isWatching ? NotificationWatch.PatienceMicros : StatusIntervalMicros;
        }
    }

    public VirtioNetCounters Counters { get; } = new();

    /// <summary>Sets up the queues of the device with which the plan was just made, and starts it.</summary>
    public VirtioOutcome Start()
    {
        Invariant.Holds(!_isWorking);
        VirtioOutcome outcome = _receiver.Enable();
        if (outcome == VirtioOutcome.Done) outcome = _transmitter.Enable();
        if (outcome != VirtioOutcome.Done) return VirtioHandshake.Fail(ref _transport, outcome);
        VirtioHandshake.Finish(ref _transport);
        _isWorking = true;
        _isArmed = false;
        // §3.1.1: no notification before DRIVER_OK, so the receive buffers are announced now.
        _receiver.Publish();
        return VirtioOutcome.Done;
    }

    /// <summary>
    /// Resets a device that failed and starts it again with the features of the plan. Nothing may be on loan: no frame
    /// received or rented before the failure may be given back after this.
    /// </summary>
    public VirtioOutcome Restart()
    {
        _isWorking = false;
        VirtioOutcome outcome = VirtioHandshake.Begin(ref _transport, out ulong offered);
        if (outcome != VirtioOutcome.Done) return outcome;
        if ((offered & _plan.Features) != _plan.Features)
            return VirtioHandshake.Fail(ref _transport, VirtioOutcome.FeaturesRefused);
        outcome = VirtioHandshake.AcceptFeatures(ref _transport, _plan.Features);
        return outcome == VirtioOutcome.Done ? Start() : outcome;
    }

    /// <summary>Hot: once per frame. See <see cref="INetDevice.TryReceive"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out ReceivedFrame frame)
    {
        if (_isWorking && _receiver.TryReceive(out frame)) return true;
        frame = default;
        if (_receiver.IsBroken) FailSlow();
        return false;
    }

    /// <summary>Hot: once per frame. See <see cref="INetDevice.Recycle"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Recycle(in ReceivedFrame frame) => _receiver.Recycle(frame.Token);

    /// <summary>Hot: once per frame. See <see cref="INetDevice.TryRent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(out TransmitFrame frame)
    {
        if (_isWorking) return _transmitter.TryRent(out frame);
        frame = default;
        return false;
    }

    /// <summary>Hot: once per frame. See <see cref="INetDevice.Send"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send(in TransmitFrame frame, int length, TransmitChecksum checksum) =>
        _transmitter.Send(frame.Token, length, checksum);

    /// <summary>See <see cref="INetDevice.Return"/>.</summary>
    public void Return(in TransmitFrame frame) => _transmitter.Return(frame.Token);

    /// <summary>Hot: once per round. See <see cref="INetDevice.Flush"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        if (!_isWorking) return;
        _transmitter.Flush();
        if (_transmitter.IsBroken) FailSlow();
    }

    /// <summary>
    /// See <see cref="INetDevice.TryArm"/>. If a rent failed since the last one that succeeded, a buffer that becomes
    /// free counts as an arrival. The processor's interrupts must be disabled from here to the halt itself.
    /// </summary>
    public bool TryArm()
    {
        if (!_isWorking || !HasInterrupt) return false;
        // Nothing may wait unpublished while the processor sleeps.
        Flush();
        // The flush may have found the device broken: it was reset, and would never interrupt.
        if (!_isWorking) return false;
        _receiver.Publish();
        // Before the look at the rings that TryArm ends with: an interrupt that is taken back here belongs to something
        // that this look sees. Taking back later could take back one that nobody has looked for.
        _transport.AcknowledgeInterrupts();
        if (!_receiver.TryArm()) return false;
        if (!_transmitter.TryArm())
        {
            _receiver.Disarm();
            return false;
        }
        _isArmed = true;
        return true;
    }

    /// <summary>See <see cref="INetDevice.Disarm"/>.</summary>
    public void Disarm()
    {
        if (!_isArmed) return;
        _isArmed = false;
        _receiver.Disarm();
        _transmitter.Disarm();
    }

    /// <summary>
    /// The second net: called by a timer, finds what a lost notification or interrupt left lying, and a device that
    /// asks for a reset. True if there is something to receive.
    /// </summary>
    public bool Recheck(long nowMicros)
    {
        if (!_isWorking) return false;
        bool hasArrival = _receiver.HasUsed;
        if (hasArrival && _isArmed) Counters.ArrivalsFoundByTimer++;
        _transmitter.Recheck(nowMicros);
        _receiver.Recheck(nowMicros);
        if (_receiver.IsBroken || _transmitter.IsBroken) FailSlow();
        if (nowMicros - _statusReadMicros >= StatusIntervalMicros)
        {
            _statusReadMicros = nowMicros;
            if ((_transport.ReadStatus() & VirtioDeviceStatus.NeedsReset) != 0) FailSlow();
        }
        return hasArrival;
    }

    /// <summary>
    /// Restarts a device that failed, at most once a second. As for <see cref="Restart"/>, nothing may be on loan.
    /// </summary>
    public void ReviveIfFailed(long nowMicros)
    {
        if (_isWorking || nowMicros - _revivedMicros < StatusIntervalMicros) return;
        _revivedMicros = nowMicros;
        if (Restart() == VirtioOutcome.Done) Counters.Restarts++;
    }

    /// <summary>Asks the device whether its cable is plugged in: an exit to the hypervisor.</summary>
    public bool ReadLinkStatus() => _plan.ReadLinkStatus(ref _transport);

    /// <summary>Ends work with a device that broke the protocol. It may not touch memory any more.</summary>
    private void FailSlow()
    {
        if (!_isWorking) return;
        _isWorking = false;
        Counters.Failures++;
        _ = VirtioHandshake.TryReset(ref _transport);
    }

    private static Region Take(Region region, ref long offset, long length)
    {
        Region part = region.Part(offset, length);
        offset += length;
        return part;
    }
}
