using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class PciTransportTests
{
    private readonly ModelBus _bus = new();
    private readonly VirtioModel _device;
    private readonly Region _region = HostMemory.Allocate(4096);

    public PciTransportTests() =>
        _device = new VirtioModel(1, 1UL << 32, new byte[12], new DmaMemory(_region), 16, 16);

    public enum Damage
    {
        NoCommon,
        CommonTooShort,
        CommonPastTheEnd,
        CommonMisaligned,
        CommonInReservedBar,
        CommonInMissingBar,
        CommonInIoBar,
        CapabilityTooShort,
        CapabilityPastTheEnd,
        NoNotify,
        NotifyTooShort,
        NotifyMisaligned,
        NotifyWithoutMultiplier,
    }

    [Theory]
    [InlineData(PciVirtioLayout.Qemu)]
    [InlineData(PciVirtioLayout.OneBar)]
    public void A_device_is_opened_reset_and_given_its_interrupt(PciVirtioLayout layout)
    {
        var model = new PciVirtioModel(_device, layout);
        model.Function.Write(4, 2, 0x0103);
        Assert.Equal(VirtioOutcome.Done, Open(model.Function, out PciTransport<ModelRegisters> transport));
        Assert.Equal(0x0507, model.Function.Command);                          // memory, bus master, no INTx
        Assert.True(transport.HasInterrupt);
        Assert.Equal(1u, transport.DeviceId);
        Assert.Equal(12u, transport.ConfigLength);
        Assert.Equal(1, _device.ResetCount);
        Assert.False(model.Msix!.IsMasked(0));
        Assert.True(model.Msix.IsMasked(1));
    }

    [Fact]
    public void Without_msix_there_is_no_interrupt()
    {
        var model = new PciVirtioModel(_device, PciVirtioLayout.Qemu, hasMsix: false);
        Assert.Equal(VirtioOutcome.Done, Open(model.Function, out PciTransport<ModelRegisters> transport));
        Assert.False(transport.HasInterrupt);
    }

    [Theory]
    [InlineData(0x1AF4, 0x1041, 1u)]
    [InlineData(0x1AF4, 0x1044, 4u)]
    [InlineData(0x1AF4, 0x1000, 1u)]
    [InlineData(0x1AF4, 0x1005, 4u)]
    [InlineData(0x1AF4, 0x1001, 2u)]
    [InlineData(0x1AF4, 0x1080, 0u)]
    [InlineData(0x1AF5, 0x1041, 0u)]
    public void Modern_and_transitional_ids_name_the_device_type(ushort vendor, ushort device, uint expected)
    {
        var function = new PciFunction(default, vendor, device, 0);
        Assert.Equal(expected, PciTransport<ModelRegisters>.DeviceTypeOf(function));
    }

    [Fact]
    public void Registers_without_an_address_are_reported_as_that()
    {
        var model = new PciVirtioModel(_device, PciVirtioLayout.Qemu, isAssigned: false);
        Assert.Equal(VirtioOutcome.BarUnassigned, Open(model.Function, out _));
        Assert.Equal(0, _device.ResetCount);
    }

    [Fact]
    public void Registers_that_cannot_be_mapped_are_reported_as_that()
    {
        _bus.Limit = 1UL << 32;
        var model = new PciVirtioModel(_device, PciVirtioLayout.OneBar);
        Assert.Equal(VirtioOutcome.NotMapped, Open(model.Function, out _));
    }

    [Fact]
    public void A_device_with_no_virtio_capability_is_a_legacy_one()
    {
        var function = new PciFunctionModel(0x1AF4, 0x1000);
        function.AddBar(0, 32, 0xC040, null, isIo: true);
        _ = function.AddCapability(0x11, new byte[10]);
        Assert.Equal(VirtioOutcome.LegacyDevice, Open(function, out _));
    }

    [Theory]
    [InlineData(Damage.NoCommon)]
    [InlineData(Damage.CommonTooShort)]
    [InlineData(Damage.CommonPastTheEnd)]
    [InlineData(Damage.CommonMisaligned)]
    [InlineData(Damage.CommonInReservedBar)]
    [InlineData(Damage.CommonInMissingBar)]
    [InlineData(Damage.CommonInIoBar)]
    [InlineData(Damage.CapabilityTooShort)]
    [InlineData(Damage.CapabilityPastTheEnd)]
    [InlineData(Damage.NoNotify)]
    [InlineData(Damage.NotifyTooShort)]
    [InlineData(Damage.NotifyMisaligned)]
    [InlineData(Damage.NotifyWithoutMultiplier)]
    public void Damaged_capabilities_are_passed_over(Damage damage)
    {
        // Alone, the damaged one leaves the device malformed.
        PciFunctionModel alone = Bars();
        AddDamaged(alone, damage);
        Assert.Equal(VirtioOutcome.MalformedDevice, Open(alone, out _));
        // §4.1.4.1: the first instance that can be used counts, wherever it stands.
        if (damage == Damage.CapabilityPastTheEnd) return;
        var whole = new PciVirtioModel(_device, PciVirtioLayout.Qemu, hasMsix: false);
        PciFunctionModel both = Bars(whole);
        AddDamaged(both, damage);
        _ = both.AddVirtioCapability(1, 4, 0, 56);
        _ = both.AddVirtioCapability(2, 4, 0x3000, 0x1000, 4);
        Assert.Equal(VirtioOutcome.Done, Open(both, out _));
    }

    [Fact]
    public void A_capability_list_in_a_circle_ends()
    {
        PciFunctionModel function = Bars();
        int only = function.AddVirtioCapability(2, 4, 0x3000, 0x1000, 4);
        function.Space[only + 1] = (byte)only;
        Assert.Equal(VirtioOutcome.MalformedDevice, Open(function, out _));
    }

    [Theory]
    [InlineData(0, 0x1000u, 4u, VirtioOutcome.Done)]
    [InlineData(0x3FF, 0x1000u, 4u, VirtioOutcome.Done)]
    [InlineData(0x400, 0x1000u, 4u, VirtioOutcome.MalformedDevice)]
    [InlineData(0xFFFF, 0x1000u, 4u, VirtioOutcome.MalformedDevice)]
    [InlineData(0xFFFF, 0x1000u, 0xFFFF_FFFFu, VirtioOutcome.MalformedDevice)]
    [InlineData(1, 0x1000u, 3u, VirtioOutcome.MalformedDevice)]   // an odd address
    [InlineData(0xFFFF, 0x1000u, 0u, VirtioOutcome.Done)]         // one address for all queues
    [InlineData(1, 5u, 4u, VirtioOutcome.MalformedDevice)]
    public void A_notification_address_must_be_inside_the_structure(
        ushort offset, uint length, uint multiplier, VirtioOutcome expected)
    {
        var model = new PciVirtioModel(_device, PciVirtioLayout.Qemu, hasMsix: false) { NotifyOffBase = offset };
        Span<byte> capability = model.Function.Space.Slice(model.NotifyCapability);
        BinaryPrimitives.WriteUInt32LittleEndian(capability[12..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(capability[16..], multiplier);
        Assert.Equal(VirtioOutcome.Done, Open(model.Function, out PciTransport<ModelRegisters> transport));
        Assert.Equal(expected, EnableQueue(ref transport));
    }

    [Fact]
    public void A_refused_vector_is_noticed()
    {
        var model = new PciVirtioModel(_device, PciVirtioLayout.Qemu) { RefusesVectors = true };
        Assert.Equal(VirtioOutcome.Done, Open(model.Function, out PciTransport<ModelRegisters> transport));
        Assert.Equal(VirtioOutcome.QueueRefused, EnableQueue(ref transport));
    }

    private static void AddDamaged(PciFunctionModel function, Damage damage)
    {
        const byte Common = 1, Notify = 2;
        bool isNotify = damage >= Damage.NoNotify;
        if (isNotify) _ = function.AddVirtioCapability(Common, 4, 0, 56);
        _ = damage switch
        {
            Damage.NoCommon => function.AddVirtioCapability(Notify, 4, 0x3000, 0x1000, 4),
            Damage.CommonTooShort => function.AddVirtioCapability(Common, 4, 0, 55),
            Damage.CommonPastTheEnd => function.AddVirtioCapability(Common, 4, 0x4000 - 52, 56),
            Damage.CommonMisaligned => function.AddVirtioCapability(Common, 4, 2, 56),
            Damage.CommonInReservedBar => function.AddVirtioCapability(Common, 6, 0, 56),
            Damage.CommonInMissingBar => function.AddVirtioCapability(Common, 2, 0, 56),
            Damage.CommonInIoBar => function.AddVirtioCapability(Common, 0, 0, 56),
            Damage.CapabilityTooShort => function.AddVirtioCapability(Common, 4, 0, 56, capLen: 15),
            Damage.CapabilityPastTheEnd => function.AddVirtioCapability(Common, 4, 0, 56, capLen: 255),
            Damage.NotifyTooShort => function.AddVirtioCapability(Notify, 4, 0x3000, 1, 4),
            Damage.NotifyMisaligned => function.AddVirtioCapability(Notify, 4, 0x3001, 0x100, 4),
            Damage.NotifyWithoutMultiplier => function.AddVirtioCapability(Notify, 4, 0x3000, 0x1000),
            _ => 0,
        };
        if (!isNotify && damage != Damage.NoCommon) _ = function.AddVirtioCapability(Notify, 4, 0x3000, 0x1000, 4);
    }

    /// <summary>A function with the registers of <paramref name="whole"/> but without its capabilities.</summary>
    private static PciFunctionModel Bars(PciVirtioModel? whole = null)
    {
        var function = new PciFunctionModel(0x1AF4, 0x1041);
        function.AddBar(0, 128, 0xC040, null, isIo: true);
        function.AddBar(4, 0x4000, 0xFEBF_C000, whole?.Registers, is64: true);
        return function;
    }

    private VirtioOutcome EnableQueue(ref PciTransport<ModelRegisters> transport)
    {
        Assert.Equal(VirtioOutcome.Done, VirtioHandshake.Begin(ref transport, out ulong offered));
        Assert.Equal(VirtioOutcome.Done, VirtioHandshake.AcceptFeatures(ref transport, offered));
        var queue = new Virtqueue<SharedMemory>(default, _region, new VirtqueueLayout(16), hasEventIdx: false);
        return transport.EnableQueue(queue.Setup(0), out _);
    }

    private VirtioOutcome Open(PciFunctionModel function, out PciTransport<ModelRegisters> transport)
    {
        var machine = new PciModel(_bus);
        machine.Add(0, 1, 0, function);
        uint identity = function.Read(0, 4);
        return PciTransport<ModelRegisters>.TryOpen(
            Models.Pci.Open(machine, _bus),
            new PciFunction(new PciAddress(0, 0, 1, 0), (ushort)identity, (ushort)(identity >> 16), 0x020000),
            new ModelMap(_bus), new MsiTarget(0x40, 0), out transport);
    }
}
