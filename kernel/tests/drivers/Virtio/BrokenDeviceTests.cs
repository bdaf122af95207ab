using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Platform;
using Xunit;
using static Memcachier.Kernel.Tests.Drivers.Virtio.NetFixture;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

/// <summary>A device is the hypervisor's, and is not trusted: whatever it writes has a defined, counted end.</summary>
public sealed class BrokenDeviceTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(12u)]                     // a header and nothing else
    [InlineData(25u)]                     // less than an Ethernet header
    [InlineData(1527u)]                   // more than the buffer has
    [InlineData(uint.MaxValue)]
    public void A_length_that_cannot_be_costs_the_frame(uint claimed)
    {
        NetFixture fixture = Started();
        Assert.True(fixture.Device.Deliver(Frame(1), claimedLength: claimed));
        Assert.True(fixture.Device.Deliver(Frame(2)));
        Assert.Equal(Frame(2), fixture.Receive());
        Assert.Null(fixture.Receive());
        Assert.Equal(1, fixture.Net.Counters.MalformedFrames);
        Assert.Equal(1, fixture.Net.Counters.ReceivedFrames);
        StillHasEveryBuffer(fixture);
    }

    [Fact]
    public void The_shortest_and_the_longest_frame_are_whole()
    {
        NetFixture fixture = Started();
        foreach (int length in (int[])[14, 1514])
        {
            Assert.True(fixture.Device.Deliver(Frame(length, length)));
            Assert.Equal(Frame(length, length), fixture.Receive());
        }
    }

    [Fact]
    public void A_segmented_frame_was_not_negotiated_and_is_dropped()
    {
        NetFixture fixture = Started();
        Assert.True(fixture.Device.Deliver(Frame(1), gsoType: 1));
        Assert.Null(fixture.Receive());
        Assert.Equal(1, fixture.Net.Counters.MalformedFrames);
        StillHasEveryBuffer(fixture);
    }

    [Theory]
    [InlineData(0, 16u)]                  // no such descriptor
    [InlineData(0, uint.MaxValue)]
    [InlineData(0, 65536u)]               // 0 in the lower 16 bits
    [InlineData(1, 16u)]
    [InlineData(1, 3u)]                   // not in flight
    public void An_id_that_is_not_in_flight_ends_the_device(int queue, uint id)
    {
        NetFixture fixture = Started(Wiring.Mmio);
        Assert.True(fixture.TrySend(Frame(1)));
        fixture.Device.HoldsSentBuffers = true;
        fixture.Net.Flush();
        fixture.Model.Queues[queue].PushRaw(id, 60);
        HasFailed(fixture);
    }

    [Fact]
    public void A_buffer_used_twice_ends_the_device()
    {
        NetFixture fixture = Started();
        Assert.True(fixture.Device.Deliver(Frame(1)));
        Assert.True(fixture.Net.TryReceive(out ReceivedFrame frame));
        fixture.Device.Receive.PushRaw((uint)frame.Token, 72);
        HasFailed(fixture);
    }

    [Theory]
    [InlineData(17)]                      // more than the 16 in flight
    [InlineData(0x8000)]
    [InlineData(0xFFFF)]                  // backwards
    public void A_used_index_that_cannot_be_ends_the_device(ushort idx)
    {
        NetFixture fixture = Started();
        fixture.Device.Receive.ForgeUsedIdx(idx);
        HasFailed(fixture);
    }

    [Fact]
    public void Random_used_entries_are_survived()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            NetFixture fixture = Started((Wiring)(seed % 3), queueSize: 8, hasEventIdx: seed % 2 == 0);
            var random = new Prng(seed);
            for (int step = 0; step < 50 && fixture.Net.IsWorking; step++)
            {
                Models.VirtqueueModel queue = fixture.Model.Queues[(int)random.Below(2)];
                if (random.Chance(1, 16)) queue.ForgeUsedIdx((ushort)random.Next());
                else queue.PushRaw(random.Below(10), random.Below(2000));
                while (fixture.Net.TryReceive(out ReceivedFrame frame))
                {
                    Assert.InRange(frame.Octets.Length, 14, 1514);
                    fixture.Net.Recycle(in frame);
                }
                _ = fixture.Net.TryArm();
                _ = fixture.Net.Recheck(step * 10_000);
            }
            HasFailed(fixture);
        }
    }

    [Fact]
    public void A_device_that_asks_for_a_reset_is_noticed_and_can_be_restarted()
    {
        NetFixture fixture = Started(Wiring.Mmio);
        _ = fixture.Net.Recheck(0);
        fixture.Model.AskForReset();
        _ = fixture.Net.Recheck(500_000);
        Assert.True(fixture.Net.IsWorking);
        _ = fixture.Net.Recheck(1_000_001);
        HasFailed(fixture);
    }

    [Fact]
    public void A_device_that_fails_while_it_is_armed_is_not_armed()
    {
        NetFixture fixture = Started();
        fixture.Device.Transmit.ForgeUsedIdx(100);
        Assert.False(fixture.Net.TryArm());
        HasFailed(fixture);
    }

    [Fact]
    public void A_failed_device_is_revived_once_a_second()
    {
        NetFixture fixture = Started();
        fixture.Device.Receive.ForgeUsedIdx(100);
        Assert.Null(fixture.Receive());
        Assert.False(fixture.Net.IsWorking);
        ulong offered = fixture.Model.Offered;
        fixture.Model.Offered &= ~Bits(Mac);
        fixture.Net.ReviveIfFailed(1_000_000);
        Assert.False(fixture.Net.IsWorking);
        fixture.Model.Offered = offered;
        fixture.Net.ReviveIfFailed(1_999_999);
        Assert.False(fixture.Net.IsWorking);
        fixture.Net.ReviveIfFailed(2_000_000);
        Assert.True(fixture.Net.IsWorking);
        Assert.Equal(1, fixture.Net.Counters.Restarts);
        StillHasEveryBuffer(fixture);
    }

    [Fact]
    public void A_restart_needs_the_features_of_before()
    {
        NetFixture fixture = Started();
        fixture.Device.Receive.ForgeUsedIdx(100);
        Assert.Null(fixture.Receive());
        fixture.Model.Offered &= ~Bits(Mac);
        Assert.Equal(VirtioOutcome.FeaturesRefused, fixture.Net.Restart());
        Assert.True(fixture.Model.IsFailed);
        Assert.False(fixture.Net.IsWorking);
        Assert.Null(fixture.Receive());
    }

    /// <summary>Failed, silent, counted once; and works again after a restart.</summary>
    private static void HasFailed(NetFixture fixture)
    {
        int resets = fixture.Model.ResetCount;
        bool wasWorking = fixture.Net.IsWorking;
        Assert.Null(fixture.Receive());
        fixture.Net.Flush();
        Assert.False(fixture.Net.IsWorking);
        Assert.Equal(resets + (wasWorking ? 1 : 0), fixture.Model.ResetCount);
        Assert.Equal(1, fixture.Net.Counters.Failures);
        Assert.False(fixture.Net.TryArm());
        Assert.False(fixture.Net.TryRent(out _));
        Assert.False(fixture.Net.Recheck(10_000_000));
        fixture.Net.Disarm();
        fixture.Net.Flush();
        Assert.Equal(1, fixture.Net.Counters.Failures);

        Assert.Equal(VirtioOutcome.Done, fixture.Net.Restart());
        fixture.Device.HoldsSentBuffers = false;
        for (int i = 0; i < 50; i++)
        {
            Assert.True(fixture.Device.Deliver(Frame(i)));
            Assert.Equal(Frame(i), fixture.Receive());
            Assert.True(fixture.TrySend(Frame(i)));
            fixture.Net.Flush();
            Assert.Equal(Frame(i), fixture.Device.Sent[^1].Octets);
        }
        StillHasEveryBuffer(fixture);
    }

    private static void StillHasEveryBuffer(NetFixture fixture)
    {
        Assert.True(fixture.Net.TryArm());
        Assert.Equal(fixture.Device.Receive.Size, fixture.Device.Receive.Available());
        fixture.Net.Disarm();
    }
}
