using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData("nothing", 0, 0, 0)]
    [InlineData("a microsecond", 1, 1, 1)]
    [InlineData("the last of the first power", 7, 7, 7)]
    [InlineData("the first of the next", 8, 8, 8)]
    [InlineData("the last with a bucket of its own", 15, 15, 15)]
    [InlineData("the first of two", 16, 16, 16)]
    [InlineData("the second of two", 17, 16, 16)]
    [InlineData("an eighth of a power", 1000, 63, 960)]
    [InlineData("a power", 1 << 20, 144, 1 << 20)]
    [InlineData("below all of the last", (1 << 24) - 1, 175, 15 << 20)]
    [InlineData("the longest that is told from others", 1 << 24, 176, 1 << 24)]
    [InlineData("longer", long.MaxValue, 176, 1 << 24)]
    public void A_duration_has_a_bucket(string name, long micros, int bucket, long lower)
    {
        Assert.True(bucket == LatencyHistogram.BucketOf(micros), name);
        Assert.True(lower == LatencyHistogram.LowerBoundMicros(bucket), name);
    }

    [Fact]
    public void Buckets_follow_each_other_without_a_gap_and_none_is_wider_than_an_eighth()
    {
        Assert.Equal(0, LatencyHistogram.LowerBoundMicros(0));
        for (int bucket = 0; bucket < LatencyHistogram.BucketCount - 1; bucket++)
        {
            long lower = LatencyHistogram.LowerBoundMicros(bucket);
            long upper = LatencyHistogram.LowerBoundMicros(bucket + 1);
            Assert.Equal(bucket, LatencyHistogram.BucketOf(lower));
            Assert.Equal(bucket, LatencyHistogram.BucketOf(upper - 1));
            Assert.InRange(upper - lower, 1, Math.Max(1, lower / 8));
        }
        Assert.Equal(LatencyHistogram.MicrosMax, LatencyHistogram.LowerBoundMicros(LatencyHistogram.BucketCount - 1));
    }

    [Fact]
    public void What_is_recorded_is_counted_and_summed()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(10, 3);
        histogram.Record(20, 1);
        histogram.Record(21, 0);
        histogram.Record(-5, 2);
        Assert.Equal(6, histogram.Count);
        Assert.Equal(50, histogram.SumMicros);
        Assert.Equal(3, histogram.CountOf(10));
        Assert.Equal(2, histogram.CountOf(0));
        Assert.Equal(2, histogram.CountBelow(10));
        Assert.Equal(5, histogram.CountBelow(11));
        Assert.Equal(6, histogram.CountBelow(long.MaxValue));
    }

    [Fact]
    public void Without_any_there_is_no_quantile() => Assert.Equal(0, new LatencyHistogram().QuantileMicros(500_000));

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void A_quantile_is_in_the_bucket_of_the_duration_that_has_its_rank(ulong seed)
    {
        var prng = new Prng(seed);
        var histogram = new LatencyHistogram();
        var durations = new List<long>();
        for (int i = 0; i < 1 + (int)prng.Below(3000); i++)
        {
            // Of all sizes, most of them small.
            long micros = (long)(prng.Next() >> (40 + (int)prng.Below(24)));
            int weight = 1 + (int)prng.Below(3);
            histogram.Record(micros, weight);
            durations.AddRange(Enumerable.Repeat(micros, weight));
        }
        durations.Sort();
        foreach (int share in (int[])[0, 1, 1000, 250_000, 500_000, 900_000, 990_000, 999_000, 999_999, 1_000_000])
        {
            int rank = Math.Max(1, (int)Math.Ceiling(durations.Count * (decimal)share / 1_000_000));
            long quantile = histogram.QuantileMicros(share);
            Assert.Equal(LatencyHistogram.BucketOf(durations[rank - 1]), LatencyHistogram.BucketOf(quantile));
        }
    }

    [Fact]
    public void Quantiles_of_many_in_one_bucket_are_spread_over_it()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1024, 1000);
        Assert.Equal(1024, histogram.QuantileMicros(0));
        Assert.Equal(1024 + 63, histogram.QuantileMicros(500_000));
        Assert.Equal(1024 + 127, histogram.QuantileMicros(1_000_000));
    }

    [Fact]
    public void Ages_of_counting_do_not_overflow()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(0, 1L << 60);
        histogram.Record(2_000_000, 1L << 40);
        Assert.Equal(0, histogram.QuantileMicros(999_999));
        Assert.Equal(LatencyHistogram.BucketOf(2_000_000), LatencyHistogram.BucketOf(histogram.QuantileMicros(1_000_000)));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++) histogram.Record(i, 1);
        }));
    }
}
