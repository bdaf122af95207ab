using System;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Virtio over PCI (virtio 1.2 §4.1), modern or transitional. Interrupts are MSI-X messages, one table entry for all
/// queues; a function without MSI-X has no interrupt here.
/// </summary>
public readonly struct PciTransport<TRegisters> : IVirtioTransport
    where TRegisters : struct, IRegisters
{
    public const ushort VendorId = 0x1AF4;

    /// <summary>§4.1.2: 0x1040 plus the device type; below that, transitional devices.</summary>
    private const ushort ModernDeviceIdBase = 0x1040, ModernDeviceIdEnd = 0x107F;

    private const ushort TransitionalNetwork = 0x1000, TransitionalBlock = 0x1001, TransitionalEntropy = 0x1005;
    private const ushort NoVector = 0xFFFF;
    private const ushort QueueEntry = 0;

    /// <summary>More than any device type has; of a longer structure a part is mapped (§4.1.4.1).</summary>
    private const uint ConfigLengthMax = 4096;

    private readonly TRegisters _common;
    private readonly TRegisters _notify;
    private readonly TRegisters _config;
    private readonly uint _notifyOffMultiplier;

    private PciTransport(
        TRegisters common, TRegisters notify, TRegisters config, uint configLength, uint multiplier, uint deviceId,
        bool hasInterrupt)
    {
        _common = common;
        _notify = notify;
        _config = config;
        _notifyOffMultiplier = multiplier;
        ConfigLength = configLength;
        DeviceId = deviceId;
        HasInterrupt = hasInterrupt;
    }

    public uint DeviceId { get; }

    public bool HasInterrupt { get; }

    public uint ConfigLength { get; }

    /// <summary>The virtio device type of a PCI function; 0 if it is none that has a driver here.</summary>
    public static uint DeviceTypeOf(PciFunction function)
    {
        if (function.VendorId != VendorId) return 0;
        if (function.DeviceId is >= ModernDeviceIdBase and <= ModernDeviceIdEnd)
            return (uint)(function.DeviceId - ModernDeviceIdBase);
        return function.DeviceId switch
        {
            TransitionalNetwork => VirtioDeviceId.Network,
            TransitionalBlock => VirtioDeviceId.Block,
            TransitionalEntropy => VirtioDeviceId.Entropy,
            _ => 0,
        };
    }

    /// <summary>
    /// Finds the function's registers, maps them, lets it decode its addresses and reach memory, and directs its
    /// interrupts to <paramref name="target"/>. Without MSI-X the transport has no interrupt, and the caller polls.
    /// </summary>
    public static VirtioOutcome TryOpen<TConfig, TMap>(
        TConfig config, PciFunction function, TMap map, MsiTarget target, out PciTransport<TRegisters> transport)
        where TConfig : struct, IPciConfig
        where TMap : struct, IRegisterMap<TRegisters>
    {
        transport = default;
        uint deviceId = DeviceTypeOf(function);
        if (deviceId == 0) return VirtioOutcome.WrongDevice;
        Span<PciBar> bars = stackalloc PciBar[PciBars.Count];
        PciBars.Read(config, function.Address, bars);
        var windows = PciCapabilityWindows.Read(config, function.Address, bars);
        if (windows.Common.Length == 0 || windows.Notify.Length == 0)
        {
            if (windows.IsUnassigned) return VirtioOutcome.BarUnassigned;
            return windows.IsModern ? VirtioOutcome.MalformedDevice : VirtioOutcome.LegacyDevice;
        }
        uint configLength = Math.Min(windows.Device.Length, ConfigLengthMax);
        if (!map.TryMap(windows.Common.Address, windows.Common.Length, out TRegisters common))
            return VirtioOutcome.NotMapped;
        if (!map.TryMap(windows.Notify.Address, windows.Notify.Length, out TRegisters notify))
            return VirtioOutcome.NotMapped;
        TRegisters deviceConfig = default;
        if (configLength != 0 && !map.TryMap(windows.Device.Address, configLength, out deviceConfig))
            return VirtioOutcome.NotMapped;
        SetCommand(config, function.Address, PciRegister.CommandMemory | PciRegister.CommandIntxDisable);
        // Firmware may have used the device. It must have forgotten those rings before it reaches memory again.
        common.Write8(Common.DeviceStatus, VirtioDeviceStatus.Reset);
        SetCommand(config, function.Address, PciRegister.CommandBusMaster);
        bool hasInterrupt = MsixTable<TConfig, TRegisters>.TryOpen(config, function.Address, bars, map, out var msix);
        if (hasInterrupt)
        {
            msix.Enable();
            msix.Program(QueueEntry, target);
        }
        transport = new PciTransport<TRegisters>(
            common, notify, deviceConfig, configLength, windows.NotifyOffMultiplier, deviceId, hasInterrupt);
        return VirtioOutcome.Done;
    }

    public byte ReadStatus() => _common.Read8(Common.DeviceStatus);

    public void WriteStatus(byte status) => _common.Write8(Common.DeviceStatus, status);

    public ulong ReadDeviceFeatures()
    {
        _common.Write32(Common.DeviceFeatureSelect, 0);
        uint low = _common.Read32(Common.DeviceFeature);
        _common.Write32(Common.DeviceFeatureSelect, 1);
        return (ulong)_common.Read32(Common.DeviceFeature) << 32 | low;
    }

    public void WriteDriverFeatures(ulong features)
    {
        _common.Write32(Common.DriverFeatureSelect, 0);
        _common.Write32(Common.DriverFeature, (uint)features);
        _common.Write32(Common.DriverFeatureSelect, 1);
        _common.Write32(Common.DriverFeature, (uint)(features >> 32));
    }

    public ushort ReadQueueSizeMax(ushort queue)
    {
        if (queue >= _common.Read16(Common.NumQueues)) return 0;
        _common.Write16(Common.QueueSelect, queue);
        return Math.Min(_common.Read16(Common.QueueSize), (ushort)VirtqueueLayout.SizeMax);
    }

    public VirtioOutcome EnableQueue(in VirtqueueSetup setup, out uint notifyOffset)
    {
        notifyOffset = 0;
        _common.Write16(Common.QueueSelect, setup.Index);
        // queue_notify_off is the device's: where it points must be inside the notify structure (§4.1.4.4.1).
        ulong offset = (ulong)_common.Read16(Common.QueueNotifyOff) * _notifyOffMultiplier;
        if (offset > _notify.Length - sizeof(ushort)) return VirtioOutcome.MalformedDevice;
        if ((offset & 1) != 0) return VirtioOutcome.MalformedDevice;
        notifyOffset = (uint)offset;
        _common.Write16(Common.QueueSize, setup.Size);
        if (_common.Read16(Common.QueueSize) != setup.Size) return VirtioOutcome.QueueRefused;
        WriteAddress(Common.QueueDesc, setup.Descriptors);
        WriteAddress(Common.QueueDriver, setup.Driver);
        WriteAddress(Common.QueueDevice, setup.Device);
        if (HasInterrupt)
        {
            _common.Write16(Common.QueueMsixVector, QueueEntry);
            // §4.1.5.1.2.2: a device that has no room for the mapping answers NO_VECTOR.
            if (_common.Read16(Common.QueueMsixVector) == NoVector) return VirtioOutcome.QueueRefused;
        }
        _common.Write16(Common.QueueEnable, 1);
        return VirtioOutcome.Done;
    }

    public void Notify(ushort queue, uint notifyOffset) => _notify.Write16(notifyOffset, queue);

    public void AcknowledgeInterrupts()
    {
    }

    public uint ReadConfigGeneration() => _common.Read8(Common.ConfigGeneration);

    public byte ReadConfig8(uint offset) => _config.Read8(offset);

    public ushort ReadConfig16(uint offset) => _config.Read16(offset);

    public uint ReadConfig32(uint offset) => _config.Read32(offset);

    private static void SetCommand<TConfig>(TConfig config, PciAddress address, ushort bits)
        where TConfig : struct, IPciConfig =>
        config.Write16(address, PciRegister.Command, (ushort)(config.Read16(address, PciRegister.Command) | bits));

    private void WriteAddress(uint register, ulong address)
    {
        // §4.1.3.1: 64-bit fields are written as two 32-bit ones.
        _common.Write32(register, (uint)address);
        _common.Write32(register + sizeof(uint), (uint)(address >> 32));
    }

    /// <summary>struct virtio_pci_common_cfg of §4.1.4.3.</summary>
    private static class Common
    {
        public const uint DeviceFeatureSelect = 0;
        public const uint DeviceFeature = 4;
        public const uint DriverFeatureSelect = 8;
        public const uint DriverFeature = 12;
        public const uint NumQueues = 18;
        public const uint DeviceStatus = 20;
        public const uint ConfigGeneration = 21;
        public const uint QueueSelect = 22;
        public const uint QueueSize = 24;
        public const uint QueueMsixVector = 26;
        public const uint QueueEnable = 28;
        public const uint QueueNotifyOff = 30;
        public const uint QueueDesc = 32;
        public const uint QueueDriver = 40;
        public const uint QueueDevice = 48;
    }
}
