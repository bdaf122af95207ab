using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Virtio over MMIO, version 2 (virtio 1.2 §4.2). Its interrupt is a wire that the caller has connected.
/// </summary>
public readonly struct MmioTransport<TRegisters> : IVirtioTransport
    where TRegisters : struct, IRegisters
{
    private const uint Magic = 0x7472_6976;                                    // "virt", little-endian
    private const uint Version = 2, VersionLegacy = 1;

    private readonly TRegisters _registers;

    private MmioTransport(TRegisters registers, uint deviceId, bool hasInterrupt)
    {
        _registers = registers;
        DeviceId = deviceId;
        HasInterrupt = hasInterrupt;
    }

    public uint DeviceId { get; }

    public bool HasInterrupt { get; }

    public uint ConfigLength => _registers.Length - Register.Config;

    /// <summary>Looks whether a device answers at <paramref name="registers"/>, and which.</summary>
    /// <param name="registers">The slot.</param>
    /// <param name="hasInterrupt">Whether the caller has connected the device's wire to a vector.</param>
    /// <param name="transport">The device, unless the outcome is an error.</param>
    public static VirtioOutcome TryOpen(
        TRegisters registers, bool hasInterrupt, out MmioTransport<TRegisters> transport)
    {
        transport = default;
        if (registers.Length < Register.Config) return VirtioOutcome.NoDevice;
        if (registers.Read32(Register.MagicValue) != Magic) return VirtioOutcome.NoDevice;
        // §4.2.3.1.1: with device id 0 nothing else may be assumed, so look at it before judging the version.
        uint deviceId = registers.Read32(Register.DeviceId);
        if (deviceId == 0) return VirtioOutcome.NoDevice;
        uint version = registers.Read32(Register.Version);
        if (version == VersionLegacy) return VirtioOutcome.LegacyDevice;
        if (version != Version) return VirtioOutcome.NoDevice;
        transport = new MmioTransport<TRegisters>(registers, deviceId, hasInterrupt);
        return VirtioOutcome.Done;
    }

    public byte ReadStatus() => (byte)_registers.Read32(Register.Status);

    public void WriteStatus(byte status) => _registers.Write32(Register.Status, status);

    public ulong ReadDeviceFeatures()
    {
        _registers.Write32(Register.DeviceFeaturesSel, 0);
        uint low = _registers.Read32(Register.DeviceFeatures);
        _registers.Write32(Register.DeviceFeaturesSel, 1);
        return (ulong)_registers.Read32(Register.DeviceFeatures) << 32 | low;
    }

    public void WriteDriverFeatures(ulong features)
    {
        _registers.Write32(Register.DriverFeaturesSel, 0);
        _registers.Write32(Register.DriverFeatures, (uint)features);
        _registers.Write32(Register.DriverFeaturesSel, 1);
        _registers.Write32(Register.DriverFeatures, (uint)(features >> 32));
    }

    public ushort ReadQueueSizeMax(ushort queue)
    {
        _registers.Write32(Register.QueueSel, queue);
        uint size = _registers.Read32(Register.QueueSizeMax);
        return size > VirtqueueLayout.SizeMax ? (ushort)VirtqueueLayout.SizeMax : (ushort)size;
    }

    public VirtioOutcome EnableQueue(in VirtqueueSetup setup, out uint notifyOffset)
    {
        notifyOffset = Register.QueueNotify;
        // §4.2.3.2, in its order.
        _registers.Write32(Register.QueueSel, setup.Index);
        if (_registers.Read32(Register.QueueReady) != 0) return VirtioOutcome.QueueRefused;
        if (_registers.Read32(Register.QueueSizeMax) < setup.Size) return VirtioOutcome.QueueRefused;
        _registers.Write32(Register.QueueSize, setup.Size);
        WriteAddress(Register.QueueDesc, setup.Descriptors);
        WriteAddress(Register.QueueDriver, setup.Driver);
        WriteAddress(Register.QueueDevice, setup.Device);
        _registers.Write32(Register.QueueReady, 1);
        return _registers.Read32(Register.QueueReady) == 1 ? VirtioOutcome.Done : VirtioOutcome.QueueRefused;
    }

    public void Notify(ushort queue, uint notifyOffset) => _registers.Write32(notifyOffset, queue);

    public void AcknowledgeInterrupts() => _registers.Write32(Register.InterruptAck, Register.InterruptAll);

    public uint ReadConfigGeneration() => _registers.Read32(Register.ConfigGeneration);

    public byte ReadConfig8(uint offset) => _registers.Read8(Register.Config + offset);

    public ushort ReadConfig16(uint offset) => _registers.Read16(Register.Config + offset);

    public uint ReadConfig32(uint offset) => _registers.Read32(Register.Config + offset);

    private void WriteAddress(uint register, ulong address)
    {
        _registers.Write32(register, (uint)address);
        _registers.Write32(register + sizeof(uint), (uint)(address >> 32));
    }

    /// <summary>The registers, by the names of §4.2.2.</summary>
    private static class Register
    {
        public const uint MagicValue = 0x000;
        public const uint Version = 0x004;
        public const uint DeviceId = 0x008;
        public const uint DeviceFeatures = 0x010;
        public const uint DeviceFeaturesSel = 0x014;
        public const uint DriverFeatures = 0x020;
        public const uint DriverFeaturesSel = 0x024;
        public const uint QueueSel = 0x030;
        public const uint QueueSizeMax = 0x034;
        public const uint QueueSize = 0x038;
        public const uint QueueReady = 0x044;
        public const uint QueueNotify = 0x050;
        public const uint InterruptAck = 0x064;
        public const uint Status = 0x070;
        public const uint QueueDesc = 0x080;
        public const uint QueueDriver = 0x090;
        public const uint QueueDevice = 0x0A0;
        public const uint ConfigGeneration = 0x0FC;
        public const uint Config = 0x100;

        /// <summary>Used buffer notification and configuration change.</summary>
        public const uint InterruptAll = 3;
    }
}
