using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Either transport, chosen while booting: so the image contains one network stack, not one per bus. The choice costs a
/// predictable branch per notification.
/// </summary>
public readonly struct VirtioTransport<TRegisters> : IVirtioTransport
    where TRegisters : struct, IRegisters
{
    private readonly PciTransport<TRegisters> _pci;
    private readonly MmioTransport<TRegisters> _mmio;
    private readonly bool _isPci;

    public VirtioTransport(PciTransport<TRegisters> pci)
    {
        _pci = pci;
        _mmio = default;
        _isPci = true;
    }

    public VirtioTransport(MmioTransport<TRegisters> mmio)
    {
        _pci = default;
        _mmio = mmio;
        _isPci = false;
    }

    public uint DeviceId => _isPci ? _pci.DeviceId : _mmio.DeviceId;

    public bool HasInterrupt => _isPci ? _pci.HasInterrupt : _mmio.HasInterrupt;

    public uint ConfigLength => _isPci ? _pci.ConfigLength : _mmio.ConfigLength;

    public byte ReadStatus() => _isPci ? _pci.ReadStatus() : _mmio.ReadStatus();

    public void WriteStatus(byte status)
    {
        if (_isPci) _pci.WriteStatus(status);
        else _mmio.WriteStatus(status);
    }

    public ulong ReadDeviceFeatures() => _isPci ? _pci.ReadDeviceFeatures() : _mmio.ReadDeviceFeatures();

    public void WriteDriverFeatures(ulong features)
    {
        if (_isPci) _pci.WriteDriverFeatures(features);
        else _mmio.WriteDriverFeatures(features);
    }

    public ushort ReadQueueSizeMax(ushort queue) =>
        _isPci ? _pci.ReadQueueSizeMax(queue) : _mmio.ReadQueueSizeMax(queue);

    public VirtioOutcome EnableQueue(in VirtqueueSetup setup, out uint notifyOffset) =>
        _isPci ? _pci.EnableQueue(in setup, out notifyOffset) : _mmio.EnableQueue(in setup, out notifyOffset);

    public void Notify(ushort queue, uint notifyOffset)
    {
        if (_isPci) _pci.Notify(queue, notifyOffset);
        else _mmio.Notify(queue, notifyOffset);
    }

    public void AcknowledgeInterrupts()
    {
        if (!_isPci) _mmio.AcknowledgeInterrupts();
    }

    public uint ReadConfigGeneration() => _isPci ? _pci.ReadConfigGeneration() : _mmio.ReadConfigGeneration();

    public byte ReadConfig8(uint offset) => _isPci ? _pci.ReadConfig8(offset) : _mmio.ReadConfig8(offset);

    public ushort ReadConfig16(uint offset) => _isPci ? _pci.ReadConfig16(offset) : _mmio.ReadConfig16(offset);

    public uint ReadConfig32(uint offset) => _isPci ? _pci.ReadConfig32(offset) : _mmio.ReadConfig32(offset);
}
