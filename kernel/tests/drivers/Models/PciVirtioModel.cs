using System.Collections.Generic;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>How the register structures are laid out in base address registers.</summary>
public enum PciVirtioLayout
{
    /// <summary>QEMU: everything behind a 64-bit register 4, MSI-X behind register 1.</summary>
    Qemu,

    /// <summary>Firecracker: everything behind register 0, above 4 GiB, with the shortest common structure.</summary>
    OneBar,
}

/// <summary>A virtio device as a PCI function (virtio 1.2 §4.1).</summary>
internal sealed class PciVirtioModel
{
    private const uint Multiplier = 4;
    private readonly VirtioModel _device;
    private readonly Dictionary<uint, (string Name, int Width)> _fields = new()
    {
        [0] = ("device_feature_select", 4), [4] = ("device_feature", 4), [8] = ("driver_feature_select", 4),
        [12] = ("driver_feature", 4), [16] = ("config_msix_vector", 2), [18] = ("num_queues", 2),
        [20] = ("device_status", 1), [21] = ("config_generation", 1), [22] = ("queue_select", 2),
        [24] = ("queue_size", 2), [26] = ("queue_msix_vector", 2), [28] = ("queue_enable", 2),
        [30] = ("queue_notify_off", 2), [32] = ("queue_desc", 4), [36] = ("queue_desc + 4", 4),
        [40] = ("queue_driver", 4), [44] = ("queue_driver + 4", 4), [48] = ("queue_device", 4),
        [52] = ("queue_device + 4", 4),
    };

    private uint _deviceFeatureSelect = 99, _driverFeatureSelect = 99, _queueSelect = 99;

    public PciVirtioModel(VirtioModel device, PciVirtioLayout layout, bool hasMsix = true, bool isAssigned = true)
    {
        _device = device;
        device.Interrupt = Raise;
        Function = new PciFunctionModel(0x1AF4, (ushort)(0x1040 + device.DeviceId));
        (byte bar, ulong size, ulong address, uint isr, uint config, uint notify) = layout == PciVirtioLayout.Qemu
            ? ((byte)4, 0x4000UL, 0xFEBF_C000UL, 0x1000u, 0x2000u, 0x3000u)
            : ((byte)0, 0x8_0000UL, 0x40_0000_0000UL, 0x2000u, 0x4000u, 0x6000u);
        byte msixBar = layout == PciVirtioLayout.Qemu ? (byte)1 : bar;
        if (hasMsix) Msix = new MsixModel(Function, 3, msixBar, MsixOffset(layout));
        if (layout == PciVirtioLayout.Qemu && Msix is not null) Function.AddBar(1, 4096, 0xFEBC_0000, Msix);
        Registers = new RegisterFile(this, layout, isr, config, notify);
        Function.AddBar(bar, size, isAssigned ? address : 0, Registers, is64: true);
        // A vendor-specific capability of another kind comes first, as QEMU's does.
        _ = Function.AddVirtioCapability(5, 0, 0, 0);
        _ = Function.AddVirtioCapability(1, bar, 0, layout == PciVirtioLayout.Qemu ? 0x1000u : 56);
        _ = Function.AddVirtioCapability(3, bar, isr, 1);
        if (device.ConfigLength > 0) _ = Function.AddVirtioCapability(4, bar, config, (uint)device.ConfigLength);
        NotifyCapability = Function.AddVirtioCapability(2, bar, notify, 0x1000, Multiplier);
    }

    public PciFunctionModel Function { get; }

    /// <summary>What is behind the base address register.</summary>
    public IRegisterModel Registers { get; }

    public MsixModel? Msix { get; }

    public int NotifyCapability { get; }

    /// <summary>queue_notify_off of queue 0; the next ones follow.</summary>
    public ushort NotifyOffBase { get; set; }

    public bool RefusesVectors { get; init; }

    private static uint MsixOffset(PciVirtioLayout layout) => layout == PciVirtioLayout.Qemu ? 0 : 0x8000u;

    private VirtqueueModel? Queue => _queueSelect < _device.Queues.Length ? _device.Queues[_queueSelect] : null;

    private void Raise(VirtqueueModel queue)
    {
        if (queue.Vector != 0xFFFF) Msix?.Raise(queue.Vector);
    }

    private uint ReadCommon(uint offset, int width)
    {
        CheckField(offset, width);
        return offset switch
        {
            0 => _deviceFeatureSelect,
            4 => _device.ReadFeatures(_deviceFeatureSelect),
            18 => (uint)_device.Queues.Length,
            20 => _device.ReadStatus(),
            21 => _device.ConfigGeneration,
            24 => Queue?.Size ?? 0,
            26 => Queue?.Vector ?? 0xFFFF,
            28 => Queue is { IsEnabled: true } ? 1u : 0,
            30 => NotifyOffBase + _queueSelect,
            _ => throw new ModelException($"{_fields[offset].Name} was read"),
        };
    }

    private void WriteCommon(uint offset, int width, uint value)
    {
        CheckField(offset, width);
        switch (offset)
        {
            case 0: _deviceFeatureSelect = value; break;
            case 8: _driverFeatureSelect = value; break;
            case 12: _device.WriteFeatures(_driverFeatureSelect, value); break;
            case 20: _device.WriteStatus((byte)value); break;
            case 22: _queueSelect = value; break;
            case 24: Idle().Size = (ushort)value; break;
            case 26: WriteVector((ushort)value); break;
            case 28: Enable(value); break;
            case 32: Idle().Descriptors = Low(Idle().Descriptors, value); break;
            case 36: Idle().Descriptors = High(Idle().Descriptors, value); break;
            case 40: Idle().Driver = Low(Idle().Driver, value); break;
            case 44: Idle().Driver = High(Idle().Driver, value); break;
            case 48: Idle().Device = Low(Idle().Device, value); break;
            case 52: Idle().Device = High(Idle().Device, value); break;
            default: throw new ModelException($"{_fields[offset].Name} was written");
        }
    }

    private static ulong Low(ulong old, uint value) => (old & ~0xFFFF_FFFFUL) | value;

    private static ulong High(ulong old, uint value) => (old & 0xFFFF_FFFF) | (ulong)value << 32;

    private void CheckField(uint offset, int width)
    {
        // §4.1.3.1: each field is accessed with its own width.
        if (!_fields.TryGetValue(offset, out (string Name, int Width) field) || field.Width != width)
            throw new ModelException($"common configuration: {width} bytes at {offset}");
    }

    private void WriteVector(ushort vector)
    {
        if (vector != 0xFFFF && (Msix is null || vector >= Msix.Count)) throw new ModelException($"vector {vector}");
        Idle().Vector = RefusesVectors ? (ushort)0xFFFF : vector;
    }

    private void Enable(uint value)
    {
        if (value != 1) throw new ModelException("§4.1.4.3.2: the driver must not write 0 to queue_enable");
        _device.EnableQueue(Idle().Index);
    }

    private VirtqueueModel Idle()
    {
        if (Queue is not { } queue) throw new ModelException($"there is no queue {_queueSelect}");
        return queue.IsEnabled ? throw new ModelException("a queue was changed while enabled") : queue;
    }

    private sealed class RegisterFile(PciVirtioModel model, PciVirtioLayout layout, uint isr, uint config, uint notify)
        : IRegisterModel
    {
        public uint Read(uint offset, int width)
        {
            if (TryMsix(offset, out uint msixOffset)) return model.Msix!.Read(msixOffset, width);
            if (offset < 56) return model.ReadCommon(offset, width);
            if (offset == isr) throw new ModelException("§4.1.4.5.2: ISR is not accessed with MSI-X enabled");
            if (offset - config >= 0x1000) throw new ModelException($"nothing to read at {offset:x}");
            return model._device.ReadConfig(offset - config, width);
        }

        public void Write(uint offset, int width, uint value)
        {
            if (TryMsix(offset, out uint msixOffset)) model.Msix!.Write(msixOffset, width, value);
            else if (offset < 56) model.WriteCommon(offset, width, value);
            else Notify(offset, width, value);
        }

        private void Notify(uint offset, int width, uint value)
        {
            if (offset - notify >= 0x1000) throw new ModelException($"nothing to write at {offset:x}");
            if (width != 2) throw new ModelException("§4.1.5.2: a notification is 16 bits wide");
            if (offset != notify + ((model.NotifyOffBase + value) * Multiplier))
                throw new ModelException($"queue {value} was notified at the wrong address");
            if (!model.Function.IsBusMaster) throw new ModelException("bus mastering is off");
            model._device.Notify(value);
        }

        private bool TryMsix(uint offset, out uint msixOffset)
        {
            msixOffset = offset - MsixOffset(PciVirtioLayout.OneBar);
            return layout == PciVirtioLayout.OneBar && model.Msix is not null && msixOffset < 16 * model.Msix.Count;
        }
    }
}
