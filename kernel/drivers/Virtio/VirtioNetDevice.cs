using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>A <see cref="VirtioNet{TTransport, TMemory}"/> as the network stack's type parameter.</summary>
public readonly struct VirtioNetDevice<TTransport, TMemory> : INetDevice
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
{
    private readonly VirtioNet<TTransport, TMemory> _net;

    public VirtioNetDevice(VirtioNet<TTransport, TMemory> net) => _net = net;

    public MacAddress MacAddress => _net.MacAddress;

    public int Mtu => _net.Mtu;

    public bool CanOffloadChecksum => _net.CanOffloadChecksum;

    public bool TryReceive(out ReceivedFrame frame) => _net.TryReceive(out frame);

    public void Recycle(in ReceivedFrame frame) => _net.Recycle(in frame);

    public bool TryRent(out TransmitFrame frame) => _net.TryRent(out frame);

    public void Send(in TransmitFrame frame, int length, TransmitChecksum checksum) =>
        _net.Send(in frame, length, checksum);

    public void Return(in TransmitFrame frame) => _net.Return(in frame);

    public void Flush() => _net.Flush();

    public bool TryArm() => _net.TryArm();

    public void Disarm() => _net.Disarm();

    public void Recheck(long nowMicros)
    {
        _ = _net.Recheck(nowMicros);
        _net.ReviveIfFailed(nowMicros);
    }

    public long RecheckMicros => _net.RecheckMicros;
}
