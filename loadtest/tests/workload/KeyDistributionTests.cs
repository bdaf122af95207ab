using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Workload;

public sealed class KeyDistributionTests
{
    private const int DrawCount = 400_000;

    [Fact]
    public void Uniform_keys_are_equally_likely() =>
        Assert.All(Frequencies("uniform", 10), share => Assert.Equal(0.1, share, tolerance: 0.005));

    /// <summary>Against the definition, for exponents below, at and above 1.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1)]
    [InlineData(1.3)]
    [InlineData(3)]
    public void Zipf_keys_are_as_likely_as_the_law_says(double exponent)
    {
        double[] weights = [.. Enumerable.Range(1, 50).Select(rank => Math.Pow(rank, -exponent))];
        double sum = weights.Sum();
        double[] shares = Frequencies(FormattableString.Invariant($"zipf:{exponent}"), 50);
        for (int i = 0; i < 50; i++) Assert.Equal(weights[i] / sum, shares[i], tolerance: 0.004);
    }

    [Theory]
    [InlineData("zipf:0.99", 1)]
    [InlineData("zipf:0.2", 1_000_000_000_000)]
    [InlineData("zipf:10", 1_000_000_000_000)]
    [InlineData("uniform", 1_000_000_000_000)]
    [InlineData("hot:10%,90%", 1_000_000_000_000)]
    [InlineData("hot:100%,0%", 3)]
    [InlineData("hot:0.001%,50%", 1)]
    [InlineData("sequential", 1)]
    public void Every_key_is_one_that_there_is(string text, long keyCount)
    {
        var keys = KeyDistribution.Parse(text, keyCount);
        var prng = new Prng(7);
        for (int i = 0; i < 10_000; i++) Assert.InRange(keys.Draw(ref prng), 0, keyCount - 1);
    }

    [Fact]
    public void Hot_keys_get_their_share()
    {
        double[] shares = Frequencies("hot:10%,90%", 100);
        Assert.All(shares[..10], share => Assert.Equal(0.09, share, tolerance: 0.003));
        Assert.All(shares[10..], share => Assert.Equal(0.1 / 90, share, tolerance: 0.0004));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(10, 3)]
    [InlineData(7, 7)]
    public void Sequences_share_the_keys_and_begin_again(int keyCount, int laneCount)
    {
        var seen = new List<long>();
        var prng = new Prng(1);
        for (int lane = 0; lane < laneCount; lane++)
        {
            var keys = KeyDistribution.Parse("sequential", keyCount, lane, laneCount);
            int count = (keyCount - lane + laneCount - 1) / laneCount;
            long[] round = [.. Enumerable.Range(0, count).Select(_ => keys.Draw(ref prng))];
            Assert.Equal(round.Order(), round);
            Assert.Equal(round, Enumerable.Range(0, count).Select(_ => keys.Draw(ref prng)));
            seen.AddRange(round);
        }
        Assert.Equal(Enumerable.Range(0, keyCount).Select(i => (long)i), seen.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gauss")]
    [InlineData("uniform:1")]
    [InlineData("zipf")]
    [InlineData("zipf:0")]
    [InlineData("zipf:-1")]
    [InlineData("zipf:11")]
    [InlineData("hot:10%")]
    [InlineData("hot:0%,90%")]
    [InlineData("hot:10%,101%")]
    public void Refuses(string text) => Assert.StartsWith(
        $"'{text}' is not a distribution of keys: write uniform, ",
        Assert.Throws<LoadTestException>(() => KeyDistribution.Parse(text, 10)).Message);

    private static double[] Frequencies(string text, int keyCount)
    {
        var keys = KeyDistribution.Parse(text, keyCount);
        var prng = new Prng(42);
        int[] counts = new int[keyCount];
        for (int i = 0; i < DrawCount; i++) counts[keys.Draw(ref prng)]++;
        return [.. counts.Select(count => (double)count / DrawCount)];
    }
}
