using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;
using Disk = Memcachier.Kernel.Drivers.Virtio.VirtioBlk<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Tests.Drivers.Models.ModelRegisters>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory>;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class VirtioBlkTests
{
    private const int SectorCount = 100;

    private readonly Region _region = HostMemory.Allocate(8192);
    private readonly Ticker _clock = new();
    private readonly byte[] _medium = new byte[SectorCount * 512];

    public VirtioBlkTests() => new Prng(7).Fill(_medium);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_sector_is_read_over_either_bus(bool isPci)
    {
        BlkDeviceModel model = Model();
        Disk disk = Start(model, isPci);
        Assert.Equal((ulong)SectorCount, disk.SectorCount);
        for (int sector = 0; sector < SectorCount; sector++) AssertReads(disk, sector);
        for (int sector = SectorCount - 1; sector >= 0; sector--) AssertReads(disk, sector);
    }

    [Fact]
    public void It_needs_less_than_two_pages() => Assert.InRange(Disk.MemoryLength, 1, 8191);

    [Fact]
    public void What_was_read_is_not_asked_for_again()
    {
        BlkDeviceModel model = Model();
        Disk disk = Start(model);
        foreach (int sector in (int[])[3, 7, 0, 5, 96, 99, 97, 8]) AssertReads(disk, sector);
        Assert.Equal([(0UL, 8), (96UL, 4), (8UL, 8)], model.Requests);
    }

    [Theory]
    [InlineData((ulong)SectorCount)]
    [InlineData(ulong.MaxValue)]
    public void Behind_the_end_there_is_nothing_and_the_device_is_not_asked(ulong sector)
    {
        BlkDeviceModel model = Model();
        Disk disk = Start(model);
        Assert.False(disk.TryRead(sector, new TickingClock(_clock), out ReadOnlySpan<byte> octets));
        Assert.True(octets.IsEmpty);
        Assert.Empty(model.Requests);
        AssertReads(disk, 99);
    }

    [Theory]
    [InlineData(512u, SectorCount)]
    [InlineData(1024u, SectorCount)]
    [InlineData(2048u, SectorCount)]
    [InlineData(4096u, SectorCount - 4)]                 // the last block is not whole
    public void The_mediums_blocks_are_read_whole(uint blockSize, int count)
    {
        BlkDeviceModel model = Model();
        model.BlockSize = blockSize;
        Disk disk = Start(model);
        Assert.Equal((ulong)count, disk.SectorCount);
        for (int sector = 0; sector < count; sector++) AssertReads(disk, sector);
        Assert.False(disk.TryRead((ulong)count, new TickingClock(_clock), out _));
    }

    [Theory]
    [InlineData(512u, 1)]
    [InlineData(1500u, 2)]
    [InlineData(4096u, 8)]
    [InlineData(uint.MaxValue, 8)]
    public void No_segment_is_longer_than_the_device_wants(uint sizeMax, int sectors)
    {
        BlkDeviceModel model = Model(1UL << BlkDeviceModel.SizeMax);
        model.SegmentSizeMax = sizeMax;
        AssertReads(Start(model), 17);
        Assert.Equal([((ulong)(17 / sectors * sectors), sectors)], model.Requests);
    }

    [Theory]
    [InlineData(0u, 4096u)]
    [InlineData(256u, 4096u)]
    [InlineData(768u, 4096u)]
    [InlineData(8192u, 4096u)]
    [InlineData(512u, 511u)]
    [InlineData(4096u, 2048u)]
    public void Sizes_that_cannot_be_served_are_refused(uint blockSize, uint sizeMax)
    {
        BlkDeviceModel model = Model(1UL << BlkDeviceModel.SizeMax);
        model.BlockSize = blockSize;
        model.SegmentSizeMax = sizeMax;
        Assert.Equal(VirtioOutcome.MalformedDevice, Create(model, isPci: false).Start());
        Assert.True(model.Device.IsFailed);
    }

    [Theory]
    [InlineData(8, VirtioOutcome.Done)]
    [InlineData(20, VirtioOutcome.Done)]
    [InlineData(24, VirtioOutcome.Done)]
    public void A_short_configuration_is_enough_if_it_has_the_capacity(int length, VirtioOutcome expected)
    {
        var model = new BlkDeviceModel(new DmaMemory(_region), _medium, configLength: length);
        // Over PCI the configuration is as long as its capability says.
        Disk disk = Create(model, isPci: true);
        Assert.Equal(expected, disk.Start());
        AssertReads(disk, 1);
    }

    [Fact]
    public void Without_a_capacity_it_is_no_disk()
    {
        var model = new BlkDeviceModel(new DmaMemory(_region), _medium, configLength: 4);
        Assert.Equal(VirtioOutcome.MalformedDevice, Create(model, isPci: true).Start());
    }

    [Fact]
    public void A_capacity_that_changes_while_it_is_read_is_read_again()
    {
        BlkDeviceModel model = Model();
        int reads = 0;
        model.Device.BeforeConfigRead = (device, offset) =>
        {
            // A medium of 4 Gi sectors less one becomes one of 100 between the two halves.
            if (reads == 0) System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(device.Config, uint.MaxValue);
            if (reads == 4)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(device.Config, SectorCount);
                device.ConfigGeneration++;
            }
            reads++;
        };
        Assert.Equal((ulong)SectorCount, Start(model).SectorCount);
    }

    [Fact]
    public void What_is_accepted_is_read_only_and_no_more_than_needed()
    {
        BlkDeviceModel model = Model(1UL << BlkDeviceModel.Ro);
        AssertReads(Start(model), 0);
        Assert.Equal(1UL << 32 | 1UL << BlkDeviceModel.Ro | 1UL << BlkDeviceModel.BlkSize, model.Device.Accepted);
    }

    [Theory]
    [InlineData(1)]                       // VIRTIO_BLK_S_IOERR
    [InlineData(2)]                       // VIRTIO_BLK_S_UNSUPP
    public void An_error_is_an_answer_and_the_next_request_may_succeed(byte status)
    {
        BlkDeviceModel model = Model();
        Disk disk = Start(model);
        AssertReads(disk, 8);
        model.Status = status;
        Assert.False(disk.TryRead(0, new TickingClock(_clock), out _));
        Assert.True(disk.IsWorking);
        model.Status = null;
        AssertReads(disk, 0);
        AssertReads(disk, 8);
    }

    [Fact]
    public void A_bad_sector_takes_only_its_neighbours_along()
    {
        BlkDeviceModel model = Model();
        model.BadSector = 20;
        Disk disk = Start(model);
        for (int sector = 0; sector < SectorCount; sector++)
        {
            if (sector is >= 16 and < 24) Assert.False(disk.TryRead((ulong)sector, new TickingClock(_clock), out _));
            else AssertReads(disk, sector);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0x80)]
    [InlineData(0xFF)]                    // not written at all
    public void Another_status_breaks_the_protocol(byte status)
    {
        BlkDeviceModel model = Model();
        model.Status = status;
        AssertGivesUp(model);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]                // some devices do not count the status
    [InlineData(-2, false)]
    [InlineData(1, false)]
    [InlineData(int.MinValue, false)]
    public void A_length_that_cannot_be_breaks_the_protocol(int difference, bool isAccepted)
    {
        BlkDeviceModel model = Model();
        model.Length = due => (uint)(due + difference);
        if (isAccepted) AssertReads(Start(model), 3);
        else AssertGivesUp(model);
    }

    [Theory]
    [InlineData(1u)]                      // a part of the chain, not its head
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(0xFFFF_FFFFu)]
    public void An_id_that_is_not_in_flight_breaks_the_protocol(uint id)
    {
        BlkDeviceModel model = Model();
        model.Id = id;
        AssertGivesUp(model);
    }

    [Fact]
    public void More_answers_than_requests_break_the_protocol()
    {
        BlkDeviceModel model = Model();
        model.Instead = () => model.Device.Queues[0].ForgeUsedIdx(2);
        AssertGivesUp(model);
    }

    [Fact]
    public void A_lost_notification_is_repeated()
    {
        BlkDeviceModel model = Model();
        model.DeafFor = 3;
        AssertReads(Start(model), 3);
        Assert.Equal(4, model.Device.NotificationCount);
    }

    [Fact]
    public void A_silent_device_is_given_up_in_time_and_reset_and_stays_silent()
    {
        BlkDeviceModel model = Model();
        model.Instead = () => { };
        AssertGivesUp(model);
        Assert.InRange(_clock.NowMicros, Disk.TimeoutMicros, Disk.TimeoutMicros + 1_000);
    }

    [Fact]
    public void A_closed_device_was_reset_and_lends_nothing()
    {
        BlkDeviceModel model = Model();
        Disk disk = Start(model);
        AssertReads(disk, 3);
        int resets = model.Device.ResetCount;
        Assert.True(disk.Close());
        Assert.Equal(resets + 1, model.Device.ResetCount);
        Assert.False(model.Device.Queues[0].IsEnabled);
        Assert.False(disk.TryRead(3, new TickingClock(_clock), out _));
    }

    [Fact]
    public void A_device_that_never_finishes_its_reset_is_named()
    {
        var device = new VirtioModel(2, 1UL << 32, new byte[60], new DmaMemory(_region), 8) { ResetDuration = -1 };
        Assert.Equal(VirtioOutcome.ResetTimedOut, Create(device, isPci: false).Start());
    }

    [Fact]
    public void Only_a_block_device_with_a_queue_for_a_request_will_do()
    {
        var dma = new DmaMemory(_region);
        Assert.Equal(VirtioOutcome.WrongDevice, Create(
            new VirtioModel(4, 1UL << 32, new byte[60], dma, 8), isPci: false).Start());
        Assert.Equal(VirtioOutcome.Version1NotOffered, Create(
            new VirtioModel(2, 0, new byte[60], dma, 8), isPci: false).Start());
        Assert.Equal(VirtioOutcome.FeaturesRefused, Create(
            new VirtioModel(2, 1UL << 32, new byte[60], dma, 8) { RefusesFeatures = true }, isPci: false).Start());
        Assert.Equal(VirtioOutcome.QueueMissing, Create(
            new VirtioModel(2, 1UL << 32, new byte[60], dma, 2), isPci: false).Start());
        Assert.Equal(VirtioOutcome.QueueRefused, Create(
            new VirtioModel(2, 1UL << 32, new byte[60], dma, 8) { RefusesQueues = true }, isPci: false).Start());
        Assert.False(Create(Model(), isPci: false).TryRead(0, new TickingClock(_clock), out _));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        // The model allocates with each request; what was read before needs none.
        Disk disk = Start(Model());
        AssertReads(disk, 0);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (ulong i = 0; i < 1000; i++) _ = disk.TryRead(i & 7, new TickingClock(_clock), out _);
        }));
    }

    private BlkDeviceModel Model(ulong features = 0) => new(new DmaMemory(_region), _medium, features);

    private void AssertGivesUp(BlkDeviceModel model)
    {
        Disk disk = Start(model);
        int resets = model.Device.ResetCount;
        Assert.False(disk.TryRead(0, new TickingClock(_clock), out ReadOnlySpan<byte> octets));
        Assert.True(octets.IsEmpty);
        Assert.False(disk.IsWorking);
        Assert.Equal(resets + 1, model.Device.ResetCount);
        Assert.False(disk.TryRead(0, new TickingClock(_clock), out _));
        Assert.Equal(resets + 1, model.Device.ResetCount);
    }

    private void AssertReads(Disk disk, int sector)
    {
        Assert.True(disk.TryRead((ulong)sector, new TickingClock(_clock), out ReadOnlySpan<byte> octets), $"sector {sector}");
        Assert.True(octets.SequenceEqual(_medium.AsSpan(sector * 512, 512)), $"sector {sector}");
    }

    private Disk Start(BlkDeviceModel model, bool isPci = false)
    {
        Disk disk = Create(model, isPci);
        Assert.Equal(VirtioOutcome.Done, disk.Start());
        return disk;
    }

    private Disk Create(BlkDeviceModel model, bool isPci) => Create(model.Device, isPci);

    private Disk Create(VirtioModel device, bool isPci)
    {
        var bus = new ModelBus();
        if (isPci) return new Disk(new VirtioTransport<ModelRegisters>(OpenPci(device, bus)), default, _region);
        bus.Add(0, 512, new MmioVirtioModel(device));
        Assert.Equal(VirtioOutcome.Done, MmioTransport<ModelRegisters>.TryOpen(
            new ModelRegisters(bus, 0, 512), true, out MmioTransport<ModelRegisters> transport));
        return new Disk(new VirtioTransport<ModelRegisters>(transport), default, _region);
    }

    private static PciTransport<ModelRegisters> OpenPci(VirtioModel device, ModelBus bus)
    {
        var function = new PciVirtioModel(device, PciVirtioLayout.Qemu);
        var machine = new PciModel(bus);
        machine.Add(0, 1, 0, function.Function);
        // A transitional device has the modern capabilities, too: QEMU's disk on the root bus is one.
        var found = new PciFunction(new PciAddress(0, 0, 1, 0), 0x1AF4, 0x1001, 0x010000);
        Assert.Equal(VirtioOutcome.Done, PciTransport<ModelRegisters>.TryOpen(
            Models.Pci.Open(machine, bus), found, new ModelMap(bus), new MsiTarget(0x40, 0),
            out PciTransport<ModelRegisters> transport));
        return transport;
    }

    private sealed class Ticker
    {
        public long NowMicros { get; set; }
    }

    /// <summary>Ten microseconds pass with each look.</summary>
    private readonly struct TickingClock(Ticker ticker) : IClock
    {
        public long NowMicros => ticker.NowMicros += 10;

        public long UnixSeconds => 0;
    }
}
