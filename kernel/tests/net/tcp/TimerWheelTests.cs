using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

public sealed class TimerWheelTests
{
    private const int NodeCount = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Expires_every_deadline_at_its_tick(ulong seed)
    {
        var random = new Prng(seed);
        var wheel = new TimerWheel(NodeCount);
        long[] deadlines = new long[NodeCount];
        Array.Fill(deadlines, long.MaxValue);
        long now = random.Below(uint.MaxValue);
        int expired = 0;
        for (int step = 0; step < 50_000; step++)
        {
            int node = (int)random.Below(NodeCount);
            switch (random.Below(8))
            {
                case 0:
                    wheel.Cancel(node);
                    deadlines[node] = long.MaxValue;
                    break;
                case < 5:
                    wheel.Cancel(node);
                    deadlines[node] = now + (long)(random.Next() >> (int)(20 + random.Below(44)));
                    wheel.Schedule(node, deadlines[node]);
                    break;
                default:
                    now += (long)(random.Next() >> (int)(24 + random.Below(40)));
                    expired += Expire(wheel, deadlines, now);
                    break;
            }
            long next = wheel.NextMicros;
            foreach (long deadline in deadlines) Assert.True(deadline == long.MaxValue || next <= deadline + 1024 * 2);
        }
        Assert.True(expired > 1000);
    }

    [Fact]
    public void A_later_deadline_does_not_replace_an_earlier_one()
    {
        var wheel = new TimerWheel(1);
        wheel.Schedule(0, 10_000);
        wheel.Schedule(0, 20_000);
        Assert.InRange(wheel.NextMicros, 10_001, 10_000 + 1024);
        wheel.Schedule(0, 5_000);
        Assert.InRange(wheel.NextMicros, 5_001, 5_000 + 1024);
        Assert.True(wheel.TryExpire(wheel.NextMicros, out int node));
        Assert.Equal(0, node);
        Assert.Equal(long.MaxValue, wheel.NextMicros);
    }

    [Fact]
    public void A_deadline_that_has_passed_expires_at_the_next_tick()
    {
        var wheel = new TimerWheel(1);
        Assert.False(wheel.TryExpire(1_000_000, out _));
        wheel.Schedule(0, 0);
        Assert.False(wheel.TryExpire(1_000_000, out _));
        Assert.True(wheel.TryExpire(1_001_024, out _));
    }

    private static int Expire(TimerWheel wheel, long[] deadlines, long now)
    {
        int count = 0;
        // Nobody asks while it is quiet, so then nothing may be due; and who sleeps until the next deadline must not spin.
        bool isQuiet = wheel.IsQuiet(now);
        if (isQuiet) Assert.True(wheel.NextMicros > now);
        while (!isQuiet && wheel.TryExpire(now, out int node))
        {
            Assert.True(deadlines[node] < now);
            deadlines[node] = long.MaxValue;
            count++;
        }
        // A deadline may wait for the end of its tick, no longer.
        foreach (long deadline in deadlines) Assert.True(deadline > now - 2048);
        return count;
    }
}
