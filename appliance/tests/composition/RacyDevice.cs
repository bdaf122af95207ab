using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Sim;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>
/// A card whose driver is interrupted by the world at the worst moments: right before, and right after, it looks
/// whether something has arrived while it arms.
/// </summary>
internal readonly struct RacyDevice(SimDevice device, Action around) : INetDevice
{
    public MacAddress MacAddress => device.MacAddress;

    public int Mtu => device.Mtu;

    public bool CanOffloadChecksum => device.CanOffloadChecksum;

    public long RecheckMicros => device.RecheckMicros;

    public bool TryReceive(out ReceivedFrame frame) => device.TryReceive(out frame);

    public void Recycle(in ReceivedFrame frame) => device.Recycle(in frame);

    public bool TryRent(out TransmitFrame frame) => device.TryRent(out frame);

    public void Send(in TransmitFrame frame, int length, TransmitChecksum checksum) =>
        device.Send(in frame, length, checksum);

    public void Return(in TransmitFrame frame) => device.Return(in frame);

    public void Flush() => device.Flush();

    public bool TryArm()
    {
        around();
        bool isArmed = device.TryArm();
        around();
        return isArmed;
    }

    public void Disarm() => device.Disarm();

    public void Recheck(long nowMicros) => device.Recheck(nowMicros);
}
