using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Appliance.Bench;

/// <summary>The appliance's end of a <see cref="Cable"/>: a device without offloads.</summary>
public readonly struct CableDevice : INetDevice
{
    private readonly Cable _cable;

    public CableDevice(Cable cable) => _cable = cable;

    public static MacAddress Address => MacAddress.Read([2, 0, 0, 0, 0, 1]);

    public MacAddress MacAddress => Address;

    public int Mtu => Cable.Mtu;

    public bool CanOffloadChecksum => false;

    public long RecheckMicros => long.MaxValue;

    public bool TryReceive(out ReceivedFrame frame)
    {
        bool isReceived = _cable.TryReceive(out Span<byte> octets);
        frame = isReceived ? new ReceivedFrame(octets, 0, isChecksumValid: false) : default;
        return isReceived;
    }

    public void Recycle(in ReceivedFrame frame) => _cable.Recycle();

    public bool TryRent(out TransmitFrame frame)
    {
        bool isRented = _cable.TryRent(out Span<byte> octets);
        frame = isRented ? new TransmitFrame(octets, 0) : default;
        return isRented;
    }

    public void Send(in TransmitFrame frame, int length, TransmitChecksum checksum) => _cable.Send(length);

    public void Return(in TransmitFrame frame) => _cable.Return();

    public void Flush()
    {
    }

    public bool TryArm() => false;

    public void Disarm()
    {
    }

    public void Recheck(long nowMicros)
    {
    }
}
