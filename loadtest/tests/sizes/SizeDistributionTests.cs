using System.Linq;
using System.Text;
using Memcachier.LoadTest.Sizes;
using Xunit;

namespace Memcachier.LoadTest.Tests.Sizes;

public sealed class SizeDistributionTests
{
    private const int KeyCount = 200_000;

    /// <summary>
    /// Of the keys k:00000000, k:00000001, ..., from another implementation of the hash and of the laws.
    /// </summary>
    [Theory]
    [InlineData("fixed:100", new[] { 100, 100, 100, 100 })]
    [InlineData("uniform:1-1000", new[] { 555, 543, 258, 106 })]
    [InlineData("etc", new[] { 140, 146, 371, 732 })]
    [InlineData("lognormal:300,1.2", new[] { 605, 240, 92, 24 })]
    [InlineData("etc*3", new[] { 421, 438, 1114, 2197 })]
    public void First_sizes_are(string spec, int[] sizes)
    {
        var distribution = SizeDistribution.Parse(spec);
        Assert.Equal(sizes, Enumerable.Range(0, sizes.Length).Select(i => distribution.Draw(Hash(i))));
    }

    /// <summary>
    /// The means are those of the laws, half a byte less for rounding down; the quartiles are exact.
    /// </summary>
    [Theory]
    [InlineData("fixed:7", 7, 7)]
    [InlineData("fixed:7*2.5", 17, 17)]
    [InlineData("uniform:1-1000", 500.5, 500)]
    [InlineData("uniform:100-299*2", 399.5, 399.5)]
    [InlineData("etc", 328.5, 167.5)] // scale / (1 - shape); scale * (2^shape - 1) / shape
    [InlineData("gpd:0,214.476,0.348238", 328.5, 167.5)]
    [InlineData("gpd:50,100,0", 149.5, 118.8)] // the exponential distribution
    [InlineData("lognormal:300,1", 494.1, 299.5)] // median * e^(sigma^2 / 2)
    [InlineData("lognormal:300,0", 300, 300)]
    public void Mean_and_median_are(string spec, double mean, double median)
    {
        var distribution = SizeDistribution.Parse(spec);
        int[] sizes = [.. Enumerable.Range(0, KeyCount).Select(i => distribution.Draw(Hash(i))).Order()];
        Assert.InRange(sizes.Average(), 0.98 * mean, 1.02 * mean);
        Assert.InRange(sizes[KeyCount / 2], (0.99 * median) - 1, (1.01 * median) + 1);
    }

    /// <summary>Half of the keys have 10 bytes, 3 of 8 have 2000, 1 of 8 has 1; a size without a count never comes.</summary>
    [Fact]
    public void A_histogram_is_that_of_its_file()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("sizes.csv", "# of last night\n10,4\n\n77,0\n2000, 3\n1,1\n88,0\n"u8.ToArray());
        var distribution = SizeDistribution.Parse($"histogram:{file}");
        var counts = Enumerable.Range(0, KeyCount).Select(i => distribution.Draw(Hash(i)))
            .GroupBy(size => size).ToDictionary(group => group.Key, group => group.Count() / (double)KeyCount);
        Assert.Equal([1, 10, 2000], counts.Keys.Order());
        Assert.InRange(counts[10], 0.49, 0.51);
        Assert.InRange(counts[2000], 0.365, 0.385);
        Assert.Equal(20, SizeDistribution.Parse($"histogram:{file}*2").Draw(0));
        Assert.Equal(1, distribution.Draw(ulong.MaxValue));
    }

    [Theory]
    [InlineData("10", "sizes.csv, line 1: '10' is not size,count with a size of 1 to 1048064")]
    [InlineData("10,1\n0,1", "sizes.csv, line 2: '0,1' is not size,count")]
    [InlineData("10,-1", "'10,-1' is not size,count")]
    [InlineData("size,count", "'size,count' is not size,count")]
    [InlineData("2000000,1", "'2000000,1' is not size,count")]
    [InlineData("10,0", "sizes.csv has no counts: each line is size,count")]
    [InlineData("", "sizes.csv has no counts: each line is size,count")]
    public void A_bad_histogram_is_one_sentence(string text, string sentence)
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("sizes.csv", Encoding.ASCII.GetBytes(text));
        Assert.Contains(sentence, Assert.Throws<LoadTestException>(() => SizeDistribution.Parse($"histogram:{file}")).Message);
    }

    [Fact]
    public void A_histogram_that_is_not_there_is_one_sentence() => Assert.StartsWith(
        "cannot read the histogram: ",
        Assert.Throws<LoadTestException>(() => SizeDistribution.Parse("histogram:/tmp/there/is/none")).Message);

    [Fact]
    public void Sizes_stay_within_one_byte_and_what_fits_into_an_item()
    {
        Assert.Equal(SizeDistribution.SizeMax, SizeDistribution.Parse("fixed:2000000").Draw(1));
        Assert.Equal(SizeDistribution.SizeMax, SizeDistribution.Parse("fixed:1000*1000000").Draw(1));
        Assert.Equal(1, SizeDistribution.Parse("fixed:100*0.001").Draw(1));
        Assert.Equal(1, SizeDistribution.Parse("etc").Draw(ulong.MaxValue));
        Assert.Equal(SizeDistribution.SizeMax, SizeDistribution.Parse("gpd:0,214.476,0.9").Draw(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("normal:3")]
    [InlineData("histogram:")]
    [InlineData("fixed")]
    [InlineData("fixed:")]
    [InlineData("fixed:0")]
    [InlineData("fixed:-5")]
    [InlineData("fixed:5,6")]
    [InlineData("uniform:10-5")]
    [InlineData("uniform:0-5")]
    [InlineData("uniform:5")]
    [InlineData("gpd:0,1")]
    [InlineData("gpd:0,0,1")]
    [InlineData("gpd:0,x,1")]
    [InlineData("lognormal:300")]
    [InlineData("lognormal:0,1")]
    [InlineData("etc*0")]
    [InlineData("etc*")]
    [InlineData("etc*2*2")]
    [InlineData("fixed:1e3")]
    public void Nonsense_is_refused(string spec)
    {
        LoadTestException problem = Assert.Throws<LoadTestException>(() => SizeDistribution.Parse(spec));
        Assert.StartsWith($"'{spec}' is not a distribution of sizes: write fixed:N, ", problem.Message);
    }

    private static ulong Hash(int key) => KeyHash.Of(Encoding.ASCII.GetBytes($"k:{key:x8}"));
}
