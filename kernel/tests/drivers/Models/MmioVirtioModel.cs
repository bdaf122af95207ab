namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>
/// The registers of virtio over MMIO (virtio 1.2 §4.2.2). The interrupt is a wire: high while unacknowledged.
/// </summary>
internal sealed class MmioVirtioModel : IRegisterModel
{
    private readonly VirtioModel _device;
    private uint _deviceFeaturesSel = 99, _driverFeaturesSel = 99, _queueSel = 99;

    public MmioVirtioModel(VirtioModel device)
    {
        _device = device;
        device.Interrupt = _ => RaiseUsed();
    }

    public uint Magic { get; init; } = 0x7472_6976;

    public uint Version { get; init; } = 2;

    public uint InterruptStatus { get; private set; }

    /// <summary>Times the wire went from low to high.</summary>
    public int Edges { get; private set; }

    private VirtqueueModel? Queue => _queueSel < _device.Queues.Length ? _device.Queues[_queueSel] : null;

    public uint Read(uint offset, int width)
    {
        if (offset >= 0x100) return _device.ReadConfig(offset - 0x100, width);
        if (width != 4) throw new ModelException($"register {offset:x} is 32 bits wide, not {width} bytes");
        return offset switch
        {
            0x000 => Magic,
            0x004 => Version,
            0x008 => _device.DeviceId,
            0x00C => 0x554D_4551,
            0x010 => _device.ReadFeatures(_deviceFeaturesSel),
            0x034 => Queue?.SizeMax ?? 0,
            0x044 => Queue is { IsEnabled: true } ? 1u : 0,
            0x060 => InterruptStatus,
            0x070 => _device.ReadStatus(),
            0x0FC => _device.ConfigGeneration,
            _ => throw new ModelException($"register {offset:x} cannot be read"),
        };
    }

    public void Write(uint offset, int width, uint value)
    {
        if (width != 4) throw new ModelException($"register {offset:x} is 32 bits wide, not {width} bytes");
        if (offset is >= 0x080 and < 0x0A8) WriteAddress(offset, value);
        else switch (offset)
            {
                case 0x014: _deviceFeaturesSel = value; break;
                case 0x020: _device.WriteFeatures(_driverFeaturesSel, value); break;
                case 0x024: _driverFeaturesSel = value; break;
                case 0x030: _queueSel = value; break;
                case 0x038: Idle().Size = (ushort)value; break;
                case 0x044: _device.EnableQueue(Idle().Index); break;
                case 0x050: _device.Notify(value); break;
                case 0x064: Acknowledge(value); break;
                case 0x070: WriteStatus(value); break;
                default: throw new ModelException($"register {offset:x} cannot be written");
            }
    }

    private void WriteStatus(uint value)
    {
        if (value > 0xFF) throw new ModelException($"status {value:x}");
        if (value == 0) InterruptStatus = 0;
        _device.WriteStatus((byte)value);
    }

    private void WriteAddress(uint offset, uint value)
    {
        VirtqueueModel queue = Idle();
        ulong Merge(ulong old) =>
            (offset & 4) == 0 ? (old & ~0xFFFF_FFFFUL) | value : (old & 0xFFFF_FFFF) | (ulong)value << 32;
        switch (offset & ~4u)
        {
            case 0x080: queue.Descriptors = Merge(queue.Descriptors); break;
            case 0x090: queue.Driver = Merge(queue.Driver); break;
            case 0x0A0: queue.Device = Merge(queue.Device); break;
            default: throw new ModelException($"register {offset:x} cannot be written");
        }
    }

    /// <summary>§4.2.2.2: a queue that is ready is not changed.</summary>
    private VirtqueueModel Idle()
    {
        if (Queue is not { } queue) throw new ModelException($"there is no queue {_queueSel}");
        return queue.IsEnabled ? throw new ModelException("a queue was changed while ready") : queue;
    }

    private void RaiseUsed()
    {
        if (InterruptStatus == 0) Edges++;
        InterruptStatus |= 1;
    }

    private void Acknowledge(uint value)
    {
        if ((value & ~3u) != 0) throw new ModelException("undefined bits of InterruptACK");
        InterruptStatus &= ~value;
    }
}
