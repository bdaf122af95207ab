using System;
using System.Linq;
using Memcachier.Kernel.Sim;
using Memcachier.LoadTest.Measure;
using Xunit;

namespace Memcachier.LoadTest.Tests.Measure;

public sealed class HistogramTests
{
    [Fact]
    public void Small_values_are_exact()
    {
        var histogram = new Histogram();
        for (int i = 1; i <= 500; i++) histogram.Record(i);
        Assert.Equal(
            [1, 250, 450, 495, 500, 500],
            new[] { 0, 50, 90, 99, 99.9, 100 }.Select(histogram.Percentile).ToArray());
        Assert.Equal(250.5, histogram.Mean);
    }

    [Theory]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1_000_000)]
    [InlineData(123_456_789)]
    [InlineData(999_999_999_999)]
    [InlineData(Histogram.NanosMax)]
    public void A_value_is_known_to_four_tenths_of_a_percent(long nanos)
    {
        var histogram = new Histogram();
        histogram.Record(nanos);
        histogram.Record(Histogram.NanosMax);
        Assert.InRange(histogram.Percentile(50), nanos, nanos + (nanos / 256));
    }

    /// <summary>Against the sorted values themselves.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentiles_are_those_of_the_sorted_values(int seed)
    {
        var random = new Random(seed);
        long[] values = [.. Enumerable.Range(0, 10_000).Select(_ => (long)Math.Pow(10, 9 * random.NextDouble()))];
        var first = new Histogram();
        var second = new Histogram();
        for (int i = 0; i < values.Length; i++) (i % 3 == 0 ? first : second).Record(values[i]);
        first.Add(second);
        Array.Sort(values);
        foreach (double percent in new[] { 0.01, 1, 50, 90, 95, 99, 99.9, 99.99, 100 })
        {
            long exact = values[(int)Math.Ceiling(Math.Round(percent / 100 * values.Length, 6)) - 1];
            Assert.InRange(first.Percentile(percent), exact, exact + (exact / 256));
        }
        Assert.Equal(values[^1], first.Max);
        Assert.Equal(values.Average(), first.Mean, tolerance: 0.01);
        Assert.Equal(values.Length, first.Count);
    }

    [Fact]
    public void What_is_out_of_range_counts_as_its_bound()
    {
        var histogram = new Histogram();
        histogram.Record(-5);
        Assert.Equal((0, 0), (histogram.Max, histogram.Percentile(100)));
        histogram.Record(long.MaxValue);
        Assert.Equal((Histogram.NanosMax, Histogram.NanosMax), (histogram.Max, histogram.Percentile(100)));
    }

    [Fact]
    public void An_empty_one_is_all_zeros()
    {
        var histogram = new Histogram();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Max, histogram.Percentile(99)));
        Assert.Equal(0, histogram.Mean);
    }

    [Fact]
    public void Recording_does_not_allocate()
    {
        var histogram = new Histogram();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (long i = 0; i < 100_000; i++) histogram.Record(i * i);
        }));
    }
}
