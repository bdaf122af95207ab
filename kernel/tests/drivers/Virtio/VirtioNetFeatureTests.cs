using System.Collections.Generic;
using System.Numerics;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;
using Xunit;
using static Memcachier.Kernel.Tests.Drivers.Virtio.NetFixture;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class VirtioNetFeatureTests
{
    private const int AccessPlatform = 33, OrderPlatform = 36;

    /// <summary>What hypervisors offer and this driver leaves alone.</summary>
    private static readonly ulong NeverAccepted = Bits(
        2, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 28, 34, 35, 40, 55, 56, 57, 60, 63);

    private static readonly int[] Known = [Csum, GuestCsum, Mtu, Mac, Status, EventIdx, AccessPlatform, OrderPlatform];

    [Theory]
    [InlineData(Wiring.Mmio)]
    [InlineData(Wiring.PciQemu)]
    [InlineData(Wiring.PciOneBar)]
    [InlineData(Wiring.PciWithoutMsix)]
    public void Every_subset_of_features_works(Wiring wiring)
    {
        Region region = HostMemory.Allocate(128 * 1024);
        for (uint subset = 0; subset < 1u << Known.Length; subset++)
        {
            ulong known = 0;
            for (uint rest = subset; rest != 0; rest &= rest - 1)
                known |= 1UL << Known[BitOperations.TrailingZeroCount(rest)];
            foreach (ulong more in (ulong[])[0, NeverAccepted])
            {
                region.Slice(0, (int)region.Length).Fill(0xA5);
                var fixture = new NetFixture(wiring, known | more, region: region);
                fixture.Start();
                Assert.Equal(known | 1UL << Version1, fixture.Model.Accepted);
                ExchangesFrames(fixture);
            }
        }
    }

    [Fact]
    public void A_device_without_an_address_gets_a_locally_administered_one()
    {
        var fixture = new NetFixture(Wiring.Mmio, 0);
        fixture.Start();
        Assert.Equal(MacAddress.Read([0xF2, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6]), fixture.Net.MacAddress);
        Assert.False(fixture.Net.MacAddress.IsGroup);
    }

    [Theory]
    [InlineData(0x01)]                    // a group address
    [InlineData(0x00)]                    // all zero
    public void An_address_that_no_station_can_have_is_not_accepted(byte first)
    {
        var fixture = new NetFixture(Wiring.PciQemu, Bits(Mac));
        fixture.Model.Config[..6].Clear();
        fixture.Model.Config[0] = first;
        fixture.Start();
        Assert.False(fixture.Model.Has(Mac));
        Assert.Equal(MacAddress.Read([0xF2, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6]), fixture.Net.MacAddress);
    }

    [Theory]
    [InlineData(Wiring.Mmio)]
    [InlineData(Wiring.PciQemu)]
    public void An_address_that_changes_while_it_is_read_is_read_again(Wiring wiring)
    {
        var fixture = new NetFixture(wiring, Bits(Mac));
        fixture.Model.BeforeConfigRead = (model, offset) =>
        {
            if (offset != 3 || model.ConfigGeneration != 0) return;
            model.ConfigGeneration++;
            for (int i = 0; i < 6; i++) model.Config[i] = (byte)(0x02 + i);
        };
        fixture.Start();
        Assert.Equal(MacAddress.Read([2, 3, 4, 5, 6, 7]), fixture.Net.MacAddress);
    }

    [Theory]
    [InlineData(67, 1500, false)]         // §5.1.4.1: a device must not offer less than 68
    [InlineData(68, 1500, false)]         // allowed, but less than the stack can work with
    [InlineData(575, 1500, false)]
    [InlineData(576, 576, true)]
    [InlineData(1500, 1500, true)]
    [InlineData(9000, 9000, true)]
    [InlineData(9001, 1500, false)]       // more than we have memory for
    [InlineData(65535, 1500, false)]
    public void The_mtu_is_taken_within_bounds(ushort offered, int used, bool isAccepted)
    {
        var fixture = new NetFixture(Wiring.Mmio, Bits(Mac, Mtu), mtu: offered);
        Assert.Equal(VirtioOutcome.Done, fixture.Negotiate(mtuMax: 9000));
        Assert.Equal(VirtioOutcome.Done, fixture.StartPlanned());
        Assert.Equal(used, fixture.Net.Mtu);
        Assert.Equal(isAccepted, fixture.Model.Has(Mtu));
        Assert.True(fixture.Net.TryRent(out TransmitFrame frame));
        Assert.Equal(14 + used, frame.Octets.Length);
        fixture.Net.Return(in frame);
        byte[] largest = Frame(1, 14 + used);
        Assert.True(fixture.TrySend(largest));
        fixture.Net.Flush();
        Assert.Equal(largest, fixture.Device.Sent[0].Octets);
        Assert.True(fixture.Device.Deliver(largest));
        Assert.Equal(largest, fixture.Receive());
    }

    [Fact]
    public void Features_whose_fields_the_configuration_lacks_are_not_accepted()
    {
        foreach (Wiring wiring in (Wiring[])[Wiring.Mmio, Wiring.PciQemu])
        {
            foreach ((int length, ulong accepted) in (List<(int, ulong)>)
                [(0, 0), (5, 0), (6, Bits(Mac)), (8, Bits(Mac, Status)), (12, Bits(Mac, Status, Mtu))])
            {
                byte[] config = [.. MacOctets, 1, 0, 1, 0, 0xDC, 5];
                var fixture = new NetFixture(wiring, Bits(Mac, Status, Mtu), config: config[..length]);
                fixture.Start();
                Assert.Equal(accepted | 1UL << Version1, fixture.Model.Accepted);
                ExchangesFrames(fixture);
            }
        }
    }

    [Fact]
    public void The_link_is_up_unless_status_says_otherwise()
    {
        var fixture = new NetFixture(Wiring.Mmio, Bits(Status));
        fixture.Start();
        Assert.True(fixture.Net.ReadLinkStatus());
        fixture.Model.Config[6] = 0;
        Assert.False(fixture.Net.ReadLinkStatus());
        fixture = new NetFixture(Wiring.Mmio, 0);
        fixture.Start();
        fixture.Model.Config[6] = 0;
        Assert.True(fixture.Net.ReadLinkStatus());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(16, 16)]
    [InlineData(100, 64)]                 // not a power of two: a split queue uses the largest below it
    [InlineData(1024, 256)]               // more than asked for
    public void The_queue_size_is_a_power_of_two_within_both_limits(ushort offered, int used)
    {
        var fixture = new NetFixture(Wiring.PciQemu, Bits(Mac), offered);
        Assert.Equal(VirtioOutcome.Done, fixture.Negotiate(queueSizeMax: 256));
        Assert.Equal(VirtioOutcome.Done, fixture.StartPlanned());
        Assert.Equal(used, fixture.Device.Receive.Size);
        Assert.Equal(used, fixture.Device.Transmit.Size);
        Assert.Equal(used, fixture.Device.Receive.Available());
        ExchangesFrames(fixture);
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(false, 1, false)]
    [InlineData(false, 2, false)]
    [InlineData(true, 0, false)]
    [InlineData(true, 1, true)]           // NEEDS_CSUM: never was on a wire
    [InlineData(true, 2, true)]           // DATA_VALID
    [InlineData(true, 3, true)]
    [InlineData(true, 4, false)]          // a flag of a feature that was not negotiated
    public void The_device_vouches_for_checksums_only_if_negotiated(bool hasGuestCsum, byte flags, bool expected)
    {
        NetFixture fixture = Started(more: hasGuestCsum ? Bits(GuestCsum) : 0);
        Assert.True(fixture.Device.Deliver(Frame(1), flags));
        Assert.True(fixture.Net.TryReceive(out ReceivedFrame frame));
        Assert.Equal(expected, frame.IsChecksumValid);
        fixture.Net.Recycle(in frame);
    }

    [Fact]
    public void A_checksum_left_to_the_device_is_described_in_the_header()
    {
        NetFixture fixture = Started(more: Bits(Csum));
        Assert.True(fixture.Net.CanOffloadChecksum);
        Assert.True(fixture.TrySend(Frame(1), new TransmitChecksum(34, 16)));
        Assert.True(fixture.TrySend(Frame(2)));
        fixture.Net.Flush();
        Assert.Equal([1, 0, 0, 0, 0, 0, 34, 0, 16, 0, 0, 0], fixture.Device.Sent[0].Header);
        Assert.Equal(new byte[12], fixture.Device.Sent[1].Header);
    }

    [Fact]
    public void A_checksum_cannot_be_left_to_a_device_that_does_not_offer_it()
    {
        NetFixture fixture = Started();
        Assert.False(fixture.Net.CanOffloadChecksum);
        _ = Assert.Throws<BrokenInvariantException>(() => fixture.TrySend(Frame(1), new TransmitChecksum(34, 16)));
    }

    private static void ExchangesFrames(NetFixture fixture)
    {
        for (int i = 0; i < 40; i++)
        {
            byte[] frame = Frame(i, 60 + (i * 30));
            Assert.True(fixture.Device.Deliver(frame));
            Assert.Equal(frame, fixture.Receive());
            Assert.True(fixture.TrySend(frame));
            fixture.Net.Flush();
            Assert.Equal(frame, fixture.Device.Sent[i].Octets);
        }
        Assert.Null(fixture.Receive());
        bool hasArmed = fixture.Net.TryArm();
        Assert.Equal(fixture.Net.HasInterrupt, hasArmed);
        if (!hasArmed) return;
        Assert.True(fixture.Device.Deliver(Frame(1)));
        Assert.True(fixture.InterruptCount >= 1);
    }
}
