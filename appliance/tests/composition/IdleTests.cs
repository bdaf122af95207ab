using System.Linq;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>When the reactor gives the processor away, and that nothing waits for it to come back.</summary>
public sealed class IdleTests
{
    private const long HaltMicrosMax = 100_000;

    private static readonly SimLinkSettings s_wire = new() { DelayMicros = 100 };

    [Fact]
    public void Without_work_the_processor_is_halted_nearly_always()
    {
        using var appliance = new SimAppliance(1, in s_wire);
        appliance.RunFor(1);
        long halts = appliance.Node.Counters.Halts;
        long halted = appliance.Node.Counters.HaltedMicros;
        appliance.RunFor(100);
        // Ten wake-ups a second, and whatever timers there are.
        Assert.InRange(appliance.Node.Counters.Halts - halts, 900, 1_200);
        Assert.InRange(appliance.Node.Counters.HaltedMicros - halted, 99_000_000, 100_000_000);
        Assert.Equal(appliance.Node.Counters.Halts, appliance.Processor.Halts.Count);
        Assert.All(appliance.Processor.Halts, halt => Assert.InRange(halt.Asked, 1, HaltMicrosMax));
        Assert.All(appliance.Processor.Halts, halt => Assert.InRange(halt.Slept, 1, halt.Asked));
        // In an idle machine it is the timer that ends a halt, but for a frame now and then; each halt was ended by one.
        Assert.Equal(
            appliance.Processor.Halts.Count(halt => halt.IsInterrupted), appliance.Node.Counters.DeviceInterrupts);
        Assert.Equal(
            appliance.Processor.Halts.Count(halt => !halt.IsInterrupted), appliance.Node.Counters.TimerInterrupts);
        Assert.InRange(appliance.Node.Counters.TimerInterrupts, 900, 1_300);
        // Busy is what is left: polling before a halt is not work.
        Assert.InRange(appliance.Statistics.BusyMicros + appliance.Node.Counters.HaltedMicros,
            appliance.NowMicros - HaltMicrosMax, appliance.NowMicros);
    }

    [Fact]
    public void After_work_it_is_polled_for_a_while_before_the_next_halt()
    {
        using var appliance = new SimAppliance(2, in s_wire);
        appliance.RunFor(1);
        int before = appliance.Processor.Halts.Count;
        long start = appliance.NowMicros;
        var client = new Conversation().Add("get a\r\n", "END\r\n");
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsComplete, 1));
        // The time that was not slept is that of polling after each arrival, 50 us, not of polling all along.
        long slept = appliance.Processor.Halts.Skip(before).Sum(halt => halt.Slept);
        long elapsed = appliance.NowMicros - start;
        Assert.InRange(elapsed - slept, 50, 600);
        Assert.Contains(appliance.Processor.Halts.Skip(before), halt => halt.IsInterrupted);
        Assert.Equal(
            appliance.Processor.Halts.Count(halt => halt.IsInterrupted), appliance.Node.Counters.DeviceInterrupts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_ends_a_halt_at_once(bool isRacy)
    {
        // Every distance between the arrivals: they meet the reactor polling, arming and halted. A frame that was left
        // lying would wait for the end of the halt, up to 100 ms.
        for (int delay = 1; delay < 120; delay++)
        {
            var wire = new SimLinkSettings { DelayMicros = delay };
            using var appliance = new SimAppliance((ulong)delay, in wire, isRacy: isRacy);
            var client = new Conversation();
            for (int i = 0; i < 20; i++) _ = client.Add("get a\r\n", "END\r\n");
            appliance.Clients.Start(client);
            Assert.True(appliance.TryRunUntil(() => client.IsComplete, 10), client.Describe());
            Assert.InRange(client.LongestMicros, 2 * delay, (2 * delay) + 20);
        }
    }

    [Fact]
    public void A_timer_ends_a_halt_in_time()
    {
        // The reply is lost: the retransmission comes after 200 ms, not at the end of some longer sleep.
        using var appliance = new SimAppliance(3, in s_wire);
        var client = new Conversation().Add("get a\r\n", "END\r\n").Add("get b\r\n", "END\r\n");
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.LongestMicros > 0, 1));
        var cut = new SimLinkSettings { DelayMicros = 100, Loss = Ratio.Percent(100) };
        appliance.World.Network.Change(0, appliance.Clients.Port, in cut);
        Assert.False(appliance.TryRunUntil(() => client.IsComplete, 0));
        long start = appliance.NowMicros;
        while (appliance.NowMicros < start + 10_000)
        {
            if (appliance.TryRunUntil(() => appliance.NowMicros >= start + 10_000, 1)) break;
        }
        appliance.World.Network.Change(0, appliance.Clients.Port, in s_wire);
        Assert.True(appliance.TryRunUntil(() => client.IsComplete, 2), client.Describe());
        Assert.InRange(client.LongestMicros, 200_000, 260_000);
    }
}
