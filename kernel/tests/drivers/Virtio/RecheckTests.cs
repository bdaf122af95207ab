using Xunit;
using static Memcachier.Kernel.Tests.Drivers.Virtio.NetFixture;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

/// <summary>What becomes of a notification or an interrupt that the hypervisor loses.</summary>
public sealed class RecheckTests
{
    private const long Patience = 5_000;

    [Fact]
    public void A_lost_transmit_notification_is_repeated_until_the_device_hears()
    {
        NetFixture fixture = Started();
        fixture.Device.IsDeaf = true;
        Assert.True(fixture.TrySend(Frame(1)));
        fixture.Net.Flush();
        Assert.Equal(5_000, fixture.Net.RecheckMicros);
        long now = 1_000;
        _ = fixture.Net.Recheck(now);
        _ = fixture.Net.Recheck(now + Patience - 1);
        Assert.Equal(0, fixture.Net.Counters.RepeatedNotifications);
        _ = fixture.Net.Recheck(now + Patience);
        Assert.True(fixture.Net.Counters.RepeatedNotifications >= 1);
        Assert.Empty(fixture.Device.Sent);
        Assert.Equal(0, fixture.Net.Counters.RepeatedNotificationsThatHelped);
        fixture.Device.IsDeaf = false;
        _ = fixture.Net.Recheck(now + (2 * Patience));
        Assert.Equal(Frame(1), Assert.Single(fixture.Device.Sent).Octets);
        _ = fixture.Net.Recheck(now + (3 * Patience));
        Assert.Equal(1, fixture.Net.Counters.RepeatedNotificationsThatHelped);
    }

    [Fact]
    public void A_lost_receive_notification_is_repeated()
    {
        NetFixture fixture = Started(queueSize: 4);
        for (int i = 0; i < 4; i++) Assert.True(fixture.Device.Deliver(Frame(i)));
        Assert.False(fixture.Device.Deliver(Frame(4)));
        fixture.Device.IsDeaf = true;
        for (int i = 0; i < 4; i++) Assert.Equal(Frame(i), fixture.Receive());
        fixture.Device.IsDeaf = false;
        int before = fixture.Device.Notifications[0];
        _ = fixture.Net.Recheck(0);
        _ = fixture.Net.Recheck(Patience);
        Assert.Equal(before + 1, fixture.Device.Notifications[0]);
    }

    [Fact]
    public void A_quiet_network_costs_one_repetition_and_then_nothing()
    {
        NetFixture fixture = Started();
        for (int tick = 0; tick < 100; tick++) _ = fixture.Net.Recheck(tick * Patience);
        Assert.Equal(1, fixture.Net.Counters.RepeatedNotifications);
        Assert.Equal(1_000_000, fixture.Net.RecheckMicros);
    }

    [Fact]
    public void A_busy_network_costs_no_repetition()
    {
        NetFixture fixture = Started();
        for (int tick = 0; tick < 100; tick++)
        {
            Assert.True(fixture.Device.Deliver(Frame(tick)));
            Assert.Equal(Frame(tick), fixture.Receive());
            Assert.True(fixture.TrySend(Frame(tick)));
            fixture.Net.Flush();
            _ = fixture.Net.Recheck(tick * Patience);
        }
        Assert.Equal(0, fixture.Net.Counters.RepeatedNotifications);
    }

    [Fact]
    public void A_frame_whose_interrupt_was_lost_is_found_and_counted()
    {
        NetFixture fixture = Started();
        Assert.True(fixture.Net.TryArm());
        Assert.False(fixture.Net.Recheck(0));
        fixture.Model.Interrupt = _ => { };
        Assert.True(fixture.Device.Deliver(Frame(1)));
        Assert.True(fixture.Net.Recheck(1));
        Assert.Equal(1, fixture.Net.Counters.ArrivalsFoundByTimer);
        fixture.Net.Disarm();
        Assert.True(fixture.Net.Recheck(2));
        Assert.Equal(1, fixture.Net.Counters.ArrivalsFoundByTimer);
    }
}
