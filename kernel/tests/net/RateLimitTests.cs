using Memcachier.Kernel.Net;
using Xunit;

namespace Memcachier.Kernel.Tests.Net;

public sealed class RateLimitTests
{
    [Fact]
    public void A_burst_then_one_per_interval()
    {
        var limit = new RateLimit(perSecond: 10, burst: 3);
        long now = 5_000_000;
        Assert.True(limit.TryTake(now));
        Assert.True(limit.TryTake(now));
        Assert.True(limit.TryTake(now));
        Assert.False(limit.TryTake(now));
        Assert.False(limit.TryTake(now + 99_999));
        Assert.True(limit.TryTake(now + 100_000));
        Assert.False(limit.TryTake(now + 100_001));
        // The 50 ms that made no whole token are not forgotten.
        Assert.True(limit.TryTake(now + 250_000));
        Assert.True(limit.TryTake(now + 300_000));
        Assert.False(limit.TryTake(now + 300_000));
    }

    [Fact]
    public void A_long_silence_saves_no_more_than_the_burst()
    {
        var limit = new RateLimit(perSecond: 1_000_000, burst: 2);
        Assert.True(limit.TryTake(long.MaxValue / 2));
        Assert.True(limit.TryTake(long.MaxValue / 2));
        Assert.False(limit.TryTake(long.MaxValue / 2));
    }

    [Fact]
    public void The_rate_holds_in_the_long_run()
    {
        var limit = new RateLimit(perSecond: 100, burst: 20);
        int taken = 0;
        for (long now = 0; now < 10_000_000; now += 137) taken += limit.TryTake(now) ? 1 : 0;
        Assert.InRange(taken, 1_000, 1_020);
    }
}
