using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Drivers.Virtio;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Finds the machine's virtio devices: on PCI, and at the memory slots that the command line names or that a microvm is
/// known to have.
/// </summary>
public sealed class VirtioDevices
{

    private readonly Hardware _hardware;
    private readonly PciConfig<GatePorts, Mmio> _config;
    private readonly PciScan<PciConfig<GatePorts, Mmio>> _scan;
    private readonly VirtioMmioSlots _slots = new();

    public VirtioDevices(Hardware hardware)
    {
        _hardware = hardware;
        _config = PciConfig<GatePorts, Mmio>.Open(default, hardware.Devices, hardware.Ecam);
        _scan = new PciScan<PciConfig<GatePorts, Mmio>>(_config);
        _scan.ScanRoots(hardware.Ecam);
        _slots.AddCommandLine(hardware.CommandLine);
        // A machine with ACPI and without PCI, which names no slot, is QEMU's microvm.
        bool isMicrovm = _scan.Functions.Length == 0 && _slots.Slots.Length == 0 && hardware.HasAcpi;
        // With a second I/O APIC its lines are all the slots'; with one, they share its upper eight.
        if (isMicrovm && hardware.IoApicCount > 1) _slots.AddMicrovm(count: 24, gsiBase: 24);
        else if (isMicrovm) _slots.AddMicrovm(count: 8, gsiBase: 16);
    }

    /// <summary>Functions, slots and options that found no place, or that could not be understood.</summary>
    public int LostCount => _scan.LostCount + _slots.LostCount;

    /// <summary>
    /// Opens a device of a type, with its interrupt directed to <see cref="Hardware.DeviceVector"/>.
    /// </summary>
    /// <param name="deviceId">See <see cref="VirtioDeviceId"/>.</param>
    /// <param name="ordinal">Which one of that type, 0 for the first: those on PCI come before those in slots.</param>
    /// <param name="transport">The device, if the outcome is <see cref="VirtioOutcome.Done"/>.</param>
    /// <param name="place">Where it is, in words.</param>
    /// <returns><see cref="VirtioOutcome.NoDevice"/> if there is none, else what is wrong with the one there is.</returns>
    public VirtioOutcome TryOpen(
        uint deviceId, int ordinal, out VirtioTransport<Mmio> transport, ref LineBuilder place)
    {
        VirtioOutcome outcome = TryOpenPci(deviceId, ref ordinal, out transport, ref place);
        return outcome == VirtioOutcome.NoDevice ? TryOpenMmio(deviceId, ordinal, out transport, ref place) : outcome;
    }

    /// <summary>Opens the first device of a type.</summary>
    public VirtioOutcome TryOpen(uint deviceId, out VirtioTransport<Mmio> transport, ref LineBuilder place) =>
        TryOpen(deviceId, 0, out transport, ref place);

    /// <param name="ordinal">How many devices to pass over; on return, how many of them are still to come.</param>
    private VirtioOutcome TryOpenPci(
        uint deviceId, ref int ordinal, out VirtioTransport<Mmio> transport, ref LineBuilder place)
    {
        transport = default;
        Invariant.Holds(_hardware.Apic.Id <= byte.MaxValue);
        var target = new MsiTarget(Hardware.DeviceVector, (byte)_hardware.Apic.Id);
        for (int i = 0; i < _scan.Functions.Length; i++)
        {
            PciFunction function = _scan.Functions[i];
            if (PciTransport<Mmio>.DeviceTypeOf(function) != deviceId) continue;
            if (ordinal-- > 0) continue;
            VirtioOutcome outcome =
                PciTransport<Mmio>.TryOpen(_config, function, _hardware.Devices, target, out PciTransport<Mmio> pci);
            if (outcome == VirtioOutcome.Done) transport = new VirtioTransport<Mmio>(pci);
            place.Append("PCI "u8);
            place.AppendHex(function.Address.Bus, 2);
            place.Append(":"u8);
            place.AppendHex((uint)function.Address.Device, 2);
            place.Append("."u8);
            place.AppendDecimal((ulong)function.Address.Function);
            return outcome;
        }
        return VirtioOutcome.NoDevice;
    }

    private VirtioOutcome TryOpenMmio(uint deviceId, int ordinal, out VirtioTransport<Mmio> transport, ref LineBuilder place)
    {
        transport = default;
        VirtioOutcome worst = VirtioOutcome.NoDevice;
        for (int i = 0; i < _slots.Slots.Length; i++)
        {
            VirtioMmioSlot slot = _slots.Slots[i];
            if (!_hardware.Devices.TryMap(slot.Address, slot.Length, out Mmio registers)) continue;
            VirtioOutcome outcome = MmioTransport<Mmio>.TryOpen(registers, false, out MmioTransport<Mmio> mmio);
            if (outcome == VirtioOutcome.LegacyDevice) worst = outcome;
            if (outcome != VirtioOutcome.Done || mmio.DeviceId != deviceId) continue;
            if (ordinal-- > 0) continue;

            bool hasInterrupt = _hardware.TryRoute(slot.Gsi, isLevel: false);
            outcome = MmioTransport<Mmio>.TryOpen(registers, hasInterrupt, out mmio);
            if (outcome == VirtioOutcome.Done) transport = new VirtioTransport<Mmio>(mmio);
            place.Append("MMIO 0x"u8);
            place.AppendHex(slot.Address, 8);
            return outcome;
        }
        return worst;
    }
}
