using System.Linq;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Workload;

public sealed class WorkloadPresetTests
{
    /// <summary>As in the rows of stat/2020Mar.md, where the shares are of 1.</summary>
    [Theory]
    [InlineData("twitter-12", "--key-size 44 --value-size fixed:1030 --mix set=80,get=20 --key-dist zipf:0.3048 --ttl 300")]
    [InlineData("twitter-14",
        "--key-size 96 --value-size fixed:414 --mix get=65,delete=22,set=13 --key-dist zipf:1.2959 --ttl 86400")]
    [InlineData("twitter-29", "--key-size 36 --value-size fixed:799 --mix get=86,set=13 --key-dist zipf:1.2323 --ttl 3600")]
    [InlineData("twitter-37", "--key-size 72 --value-size fixed:20134 --mix set=37,get=63 --key-dist zipf:0.4251 --ttl 20")]
    [InlineData("twitter-40", "--key-size 44 --value-size fixed:155 --mix set=50,get=50 --key-dist zipf:0.8551 --ttl 28800")]
    [InlineData("twitter-47", "--key-size 44 --value-size fixed:267 --mix get=100 --key-dist zipf:2.0637 --ttl 172800")]
    [InlineData("twitter-51", "--key-size 44 --value-size fixed:221 --mix get=90,set=10 --key-dist zipf:1.9745 --ttl 172800")]
    [InlineData("facebook-etc", "--key-size 36 --value-size etc --mix get=30,set=1")]
    public void A_preset_is(string name, string switches) => Assert.Equal(
        switches,
        string.Join(' ', WorkloadPreset.Parse(name).Switches.Select(each => $"{each.Name} {each.Text}")));

    [Fact]
    public void All_can_be_read() => Assert.All(WorkloadPreset.All, each =>
    {
        _ = SizeDistribution.Parse(each.ValueSize);
        _ = OperationMix.Parse(each.Mix);
        _ = KeyDistribution.Parse($"zipf:{each.ZipfExponent ?? "1"}", 1000);
        Assert.InRange(each.KeySize, KeyFormat.LengthMin, 250);
    });

    [Fact]
    public void Another_name_is_one_sentence() => Assert.Equal(
        "'twitter' is not a preset: write facebook-etc, twitter-12, twitter-14, twitter-29, twitter-37, twitter-40, " +
        "twitter-47, twitter-51",
        Assert.Throws<LoadTestException>(() => WorkloadPreset.Parse("twitter")).Message);
}
