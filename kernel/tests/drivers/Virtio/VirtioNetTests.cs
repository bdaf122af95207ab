using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;
using Xunit;
using static Memcachier.Kernel.Tests.Drivers.Virtio.NetFixture;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class VirtioNetTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(8, true)]
    [InlineData(64, false)]
    [InlineData(256, true)]
    [InlineData(256, false)]
    [InlineData(1024, true)]
    public void Indices_wrap_at_65536(ushort queueSize, bool hasEventIdx)
    {
        NetFixture fixture = Started(Wiring.PciOneBar, queueSize, hasEventIdx);
        var random = new Prng(queueSize);
        int sent = 0, received = 0;
        while (sent < 70_000 || received < 70_000)
        {
            // Up to a quarter of the ring waits to be published.
            int batch = 1 + (int)random.Below((uint)(queueSize - (queueSize / 4)));
            for (int i = 0; i < batch; i++) Assert.True(fixture.Device.Deliver(Frame(received + i)));
            for (int i = 0; i < batch; i++) Assert.Equal(Frame(received++), fixture.Receive());
            Assert.Null(fixture.Receive());
            for (int i = 0; i < batch; i++) Assert.True(fixture.TrySend(Frame(sent + i)));
            fixture.Net.Flush();
            Assert.Equal(batch, fixture.Device.Sent.Count);
            foreach (Models.NetDeviceModel.SentFrame frame in fixture.Device.Sent)
                Assert.Equal(Frame(sent++), frame.Octets);
            fixture.Device.Sent.Clear();
            if (random.Chance(1, 8) && fixture.Net.TryArm()) fixture.Net.Disarm();
        }
        Assert.Equal(received, fixture.Net.Counters.ReceivedFrames);
        Assert.Equal(sent, fixture.Net.Counters.SentFrames);
        Assert.Equal(60L * sent, fixture.Net.Counters.SentBytes);
        Assert.Equal(0, fixture.Net.Counters.MalformedFrames);
        Assert.True(fixture.Net.IsWorking);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Buffers_come_back_in_any_order(ulong seed)
    {
        NetFixture fixture = Started(queueSize: 32);
        fixture.Device.HoldsSentBuffers = true;
        var random = new Prng(seed);
        for (int round = 0; round < 2_000; round++)
        {
            int count = (int)random.Below(33 - (uint)fixture.Device.HeldCount);
            int before = fixture.Device.Sent.Count;
            for (int i = 0; i < count; i++) Assert.True(fixture.TrySend(Frame((round * 100) + i)), $"seed {seed}");
            fixture.Net.Flush();
            Assert.Equal(
                Enumerable.Range(0, count).Select(i => Frame((round * 100) + i)),
                fixture.Device.Sent.Skip(before).Select(frame => frame.Octets));
            if (random.Chance(1, 2)) fixture.Device.ReleaseHeld(heads => Shuffle(heads, ref random));
        }
    }

    [Fact]
    public void A_frame_held_by_the_reactor_keeps_its_bytes_until_it_is_recycled()
    {
        NetFixture fixture = Started(queueSize: 4);
        Assert.True(fixture.Device.Deliver(Frame(7)));
        Assert.True(fixture.Net.TryReceive(out ReceivedFrame held));
        for (int i = 0; i < 100; i++)
        {
            Assert.True(fixture.Device.Deliver(Frame(i)));
            Assert.Equal(Frame(i), fixture.Receive());
        }
        Assert.Equal(Frame(7), held.Octets.ToArray());
        fixture.Net.Recycle(in held);
    }

    [Fact]
    public void A_full_transmit_queue_refuses_until_the_device_gives_a_buffer_back()
    {
        NetFixture fixture = Started(queueSize: 8);
        fixture.Device.HoldsSentBuffers = true;
        for (int i = 0; i < 8; i++) Assert.True(fixture.TrySend(Frame(i)));
        fixture.Net.Flush();
        Assert.False(fixture.Net.TryRent(out _));
        Assert.Equal(1, fixture.Net.Counters.TransmitExhausted);
        fixture.Device.ReleaseHeld();
        for (int i = 0; i < 8; i++) Assert.True(fixture.TrySend(Frame(i)));
        Assert.Equal(0, fixture.InterruptCount);
    }

    [Fact]
    public void A_returned_frame_was_never_sent()
    {
        NetFixture fixture = Started(queueSize: 2);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(fixture.Net.TryRent(out TransmitFrame frame));
            fixture.Net.Return(in frame);
        }
        fixture.Net.Flush();
        Assert.Empty(fixture.Device.Sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_flush_notifies_once_and_only_a_device_that_sleeps(bool hasEventIdx)
    {
        NetFixture fixture = Started(queueSize: 64, hasEventIdx: hasEventIdx);
        for (int i = 0; i < 20; i++) Assert.True(fixture.TrySend(Frame(i)));
        Assert.Equal(0, fixture.Device.Notifications[1]);
        fixture.Net.Flush();
        Assert.Equal(1, fixture.Device.Notifications[1]);
        fixture.Net.Flush();
        Assert.Equal(1, fixture.Device.Notifications[1]);
        fixture.Device.IsPolling = true;
        fixture.Device.Pump();
        for (int round = 0; round < 10; round++)
        {
            Assert.True(fixture.TrySend(Frame(round)));
            fixture.Net.Flush();
            fixture.Device.Pump();
        }
        Assert.Equal(1, fixture.Device.Notifications[1]);
        Assert.Equal(30, fixture.Device.Sent.Count);
    }

    [Fact]
    public void Nothing_is_notified_before_the_driver_is_ready_and_receiving_is_announced_after()
    {
        // The model refuses a notification before DRIVER_OK; here is the one after it.
        NetFixture fixture = Started();
        Assert.Equal(1, fixture.Device.Notifications[0]);
        Assert.Equal(16, fixture.Device.Receive.Available());
    }

    [Fact]
    public void A_device_out_of_buffers_is_notified_when_there_are_some()
    {
        NetFixture fixture = Started(queueSize: 16);
        for (int i = 0; i < 16; i++) Assert.True(fixture.Device.Deliver(Frame(i)));
        Assert.False(fixture.Device.Deliver(Frame(16)));
        int before = fixture.Device.Notifications[0];
        Assert.Equal(Frame(0), fixture.Receive());
        Assert.Equal(before, fixture.Device.Notifications[0]);
        for (int i = 1; i < 4; i++) Assert.Equal(Frame(i), fixture.Receive());
        Assert.Equal(before + 1, fixture.Device.Notifications[0]);
        Assert.Equal(4, fixture.Device.Receive.Available());
    }

    [Fact]
    public void No_interrupt_is_raised_unless_armed()
    {
        foreach (bool hasEventIdx in (bool[])[true, false])
        {
            NetFixture fixture = Started(queueSize: 16, hasEventIdx: hasEventIdx);
            for (int i = 0; i < 1000; i++)
            {
                Assert.True(fixture.Device.Deliver(Frame(i)));
                Assert.Equal(Frame(i), fixture.Receive());
                Assert.True(fixture.TrySend(Frame(i)));
                fixture.Net.Flush();
            }
            Assert.Equal(0, fixture.InterruptCount);
        }
    }

    [Theory]
    [InlineData(Wiring.Mmio, true)]
    [InlineData(Wiring.Mmio, false)]
    [InlineData(Wiring.PciQemu, true)]
    [InlineData(Wiring.PciQemu, false)]
    [InlineData(Wiring.PciOneBar, true)]
    public void Armed_the_next_arrival_interrupts(Wiring wiring, bool hasEventIdx)
    {
        NetFixture fixture = Started(wiring, hasEventIdx: hasEventIdx);
        for (int round = 1; round <= 100; round++)
        {
            Assert.True(fixture.Net.TryArm());
            Assert.Equal(round - 1, fixture.InterruptCount);
            Assert.True(fixture.Device.Deliver(Frame(round)));
            Assert.Equal(round, fixture.InterruptCount);
            fixture.Net.Disarm();
            Assert.True(fixture.Device.Deliver(Frame(round + 1)));
            Assert.Equal(round, fixture.InterruptCount);
            Assert.False(fixture.Net.TryArm());
            Assert.Equal(Frame(round), fixture.Receive());
            Assert.False(fixture.Net.TryArm());
            Assert.Equal(Frame(round + 1), fixture.Receive());
        }
        if (wiring == Wiring.Mmio) return;
        Assert.All(
            fixture.PciFunction.Msix!.Messages,
            message => Assert.Equal((0xFEE0_0000UL | ApicId << 12, (uint)Vector), message));
    }

    [Fact]
    public void A_reactor_that_waits_for_a_send_buffer_is_woken_by_one()
    {
        foreach (bool hasEventIdx in (bool[])[true, false])
        {
            NetFixture fixture = Started(queueSize: 2, hasEventIdx: hasEventIdx);
            fixture.Device.HoldsSentBuffers = true;
            for (int i = 0; i < 2; i++) Assert.True(fixture.TrySend(Frame(i)));
            Assert.False(fixture.Net.TryRent(out _));
            Assert.True(fixture.Net.TryArm());
            fixture.Device.ReleaseHeld();
            Assert.Equal(hasEventIdx ? 1 : 2, fixture.InterruptCount);
            // The buffers are back, and whoever waited has not tried again yet: halting now would strand it.
            Assert.False(fixture.Net.TryArm());
            Assert.True(fixture.TrySend(Frame(3)));
            Assert.True(fixture.Net.TryArm());
        }
    }

    [Fact]
    public void Arming_publishes_what_is_still_waiting()
    {
        NetFixture fixture = Started(queueSize: 16);
        Assert.True(fixture.Device.Deliver(Frame(1)));
        Assert.Equal(Frame(1), fixture.Receive());
        Assert.True(fixture.TrySend(Frame(2)));
        Assert.Equal(15, fixture.Device.Receive.Available());
        Assert.True(fixture.Net.TryArm());
        Assert.Equal(16, fixture.Device.Receive.Available());
        Assert.Equal(Frame(2), fixture.Device.Sent.Single().Octets);
    }

    [Fact]
    public void Misuse_is_a_broken_invariant()
    {
        NetFixture fixture = Started(queueSize: 4);
        _ = Assert.Throws<BrokenInvariantException>(() => fixture.Net.Recycle(new ReceivedFrame(default, 0, false)));
        _ = Assert.Throws<BrokenInvariantException>(() => fixture.Net.Recycle(new ReceivedFrame(default, 4, false)));
        _ = Assert.Throws<BrokenInvariantException>(() => fixture.Net.Recycle(new ReceivedFrame(default, -1, false)));
        _ = Assert.Throws<BrokenInvariantException>(() => fixture.TrySend(Frame(1, 13)));
        _ = Assert.Throws<BrokenInvariantException>(() => fixture.Net.Return(new TransmitFrame(default, 4)));
    }

    [Fact]
    public void Receiving_and_sending_allocate_nothing()
    {
        NetFixture fixture = Started(queueSize: 64);
        byte[] frame = Frame(1);
        int allocatingRounds = 0;
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < 50; i++) Assert.True(fixture.Device.Deliver(frame));
            long before = GC.GetAllocatedBytesForCurrentThread();
            // The model allocates when it is notified; so it watches by itself.
            RunOneRound(fixture, frame);
            if (GC.GetAllocatedBytesForCurrentThread() != before) allocatingRounds++;
            fixture.Device.IsPolling = true;
            fixture.Device.Pump();
            fixture.Device.Sent.Clear();
        }
        // The host's runtime allocates for itself now and then; a round of ours would do so each time.
        Assert.InRange(allocatingRounds, 0, 20);
        Assert.Equal(200 * 50, fixture.Net.Counters.SentFrames);
    }

    private static void RunOneRound(NetFixture fixture, byte[] answer)
    {
        while (fixture.Net.TryReceive(out ReceivedFrame received))
        {
            if (fixture.Net.TryRent(out TransmitFrame frame))
            {
                answer.CopyTo(frame.Octets);
                fixture.Net.Send(in frame, answer.Length, default);
            }
            fixture.Net.Recycle(in received);
        }
        fixture.Net.Flush();
        _ = fixture.Net.Recheck(0);
        if (fixture.Net.TryArm()) fixture.Net.Disarm();
    }

    private static List<ushort> Shuffle(List<ushort> heads, ref Prng random)
    {
        var shuffled = new List<ushort>(heads);
        for (int i = shuffled.Count - 1; i > 0; i--)
        {
            int j = (int)random.Below((uint)i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }
        return shuffled;
    }
}
