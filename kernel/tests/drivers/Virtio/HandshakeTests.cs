using System;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

/// <summary>Devices that cannot be opened, and what is said about each.</summary>
public sealed class HandshakeTests
{
    private const ulong Version1 = 1UL << 32;

    private readonly DmaMemory _memory;
    private readonly Region _region = HostMemory.Allocate(128 * 1024);

    public HandshakeTests() => _memory = new DmaMemory(_region);

    [Fact]
    public void A_reset_may_take_a_while()
    {
        VirtioModel device = Device(resetDuration: 500);
        Assert.Equal(VirtioOutcome.Done, Open(device));
    }

    [Fact]
    public void A_reset_that_never_ends_is_given_up()
    {
        VirtioModel device = Device(resetDuration: -1);
        Assert.Equal(VirtioOutcome.ResetTimedOut, Open(device));
    }

    [Fact]
    public void A_device_without_version_1_is_refused_and_told()
    {
        VirtioModel device = Device(offered: 1UL << 5);
        Assert.Equal(VirtioOutcome.Version1NotOffered, Open(device));
        Assert.True(device.IsFailed);
    }

    [Fact]
    public void A_device_that_refuses_the_features_is_given_up()
    {
        VirtioModel device = Device(refusesFeatures: true);
        Assert.Equal(VirtioOutcome.FeaturesRefused, Open(device));
        Assert.True(device.IsFailed);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(16, 0)]
    public void A_device_without_one_of_the_queues_is_given_up(ushort receiveSize, ushort transmitSize)
    {
        VirtioModel device = Device(queueSizes: [receiveSize, transmitSize]);
        Assert.Equal(VirtioOutcome.QueueMissing, Open(device));
        Assert.True(device.IsFailed);
        device = Device(queueSizes: [16]);
        Assert.Equal(VirtioOutcome.QueueMissing, Open(device));
    }

    [Fact]
    public void A_queue_that_does_not_become_ready_is_refused()
    {
        VirtioModel device = Device(refusesQueues: true);
        Assert.Equal(VirtioOutcome.QueueRefused, Open(device));
        Assert.True(device.IsFailed);
    }

    [Fact]
    public void A_device_of_another_type_is_not_touched()
    {
        VirtioModel device = Device(deviceId: 2);
        Assert.Equal(VirtioOutcome.WrongDevice, Open(device));
        Assert.Equal(0, device.ResetCount);
    }

    [Theory]
    [InlineData(0x7472_6976, 2, 1, VirtioOutcome.Done)]
    [InlineData(0x7472_6976, 1, 1, VirtioOutcome.LegacyDevice)]
    [InlineData(0x7472_6976, 1, 0, VirtioOutcome.NoDevice)]       // an empty slot, whatever its version
    [InlineData(0x7472_6976, 2, 0, VirtioOutcome.NoDevice)]
    [InlineData(0x7472_6976, 3, 1, VirtioOutcome.NoDevice)]
    [InlineData(0xFFFF_FFFF, 2, 1, VirtioOutcome.NoDevice)]
    public void A_slot_says_what_is_in_it(uint magic, uint version, uint deviceId, VirtioOutcome expected)
    {
        var bus = new ModelBus();
        VirtioModel device = Device(deviceId: deviceId);
        bus.Add(0xFEB0_0000, 512, new MmioVirtioModel(device) { Magic = magic, Version = version });
        var registers = new ModelRegisters(bus, 0xFEB0_0000, 512);
        Assert.Equal(expected, MmioTransport<ModelRegisters>.TryOpen(registers, true, out _));
    }

    [Fact]
    public void A_slot_too_short_for_the_registers_is_no_device()
    {
        var registers = new ModelRegisters(new ModelBus(), 0, 255);
        Assert.Equal(VirtioOutcome.NoDevice, MmioTransport<ModelRegisters>.TryOpen(registers, true, out _));
    }

    private VirtioModel Device(
        uint deviceId = 1, ulong offered = Version1, int resetDuration = 0, bool refusesFeatures = false,
        bool refusesQueues = false, params ushort[] queueSizes)
    {
        if (queueSizes.Length == 0) queueSizes = [16, 16];
        return new VirtioModel(deviceId, offered, new byte[24], _memory, queueSizes)
        {
            ResetDuration = resetDuration,
            RefusesFeatures = refusesFeatures,
            RefusesQueues = refusesQueues,
        };
    }

    private VirtioOutcome Open(VirtioModel device)
    {
        var bus = new ModelBus();
        bus.Add(0xFEB0_0000, 512, new MmioVirtioModel(device));
        var registers = new ModelRegisters(bus, 0xFEB0_0000, 512);
        VirtioOutcome outcome = MmioTransport<ModelRegisters>.TryOpen(
            registers, true, out MmioTransport<ModelRegisters> transport);
        Assert.Equal(VirtioOutcome.Done, outcome);
        outcome = VirtioNetPlan.TryMake(ref transport, default(NoEntropy), 1500, 16, out VirtioNetPlan plan);
        if (outcome != VirtioOutcome.Done) return outcome;
        return new VirtioNet<MmioTransport<ModelRegisters>, SharedMemory>(transport, default, _region, in plan).Start();
    }

    private readonly struct NoEntropy : IEntropy
    {
        public void Fill(Span<byte> destination) => destination.Clear();
    }
}
