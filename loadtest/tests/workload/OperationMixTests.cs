using System;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Workload;

public sealed class OperationMixTests
{
    [Fact]
    public void Operations_come_as_often_as_they_weigh()
    {
        var mix = OperationMix.Parse("get=7,set=2,multiget:10=1");
        var prng = new Prng(3);
        int[] counts = new int[3];
        for (int i = 0; i < 100_000; i++) counts[mix.Draw(ref prng)]++;
        Assert.InRange(counts[0], 69_000, 71_000);
        Assert.InRange(counts[1], 19_000, 21_000);
        Assert.InRange(counts[2], 9_000, 11_000);
    }

    [Theory]
    [InlineData("get", "get=1")]
    [InlineData("get=9,set=1", "get=9,set=1")]
    [InlineData("multiget:2,multiget:100=3,incr,delete,touch,gat",
        "multiget:2=1,multiget:100=3,incr=1,delete=1,touch=1,gat=1")]
    public void Reads(string text, string same) => Assert.Equal(same, OperationMix.Parse(text).ToString());

    [Fact]
    public void Knows_its_longest_request() =>
        Assert.Equal((30, 1), (
            OperationMix.Parse("get,multiget:30,multiget:4").KeysPerRequestMax,
            OperationMix.Parse("get,set").KeysPerRequestMax));

    [Theory]
    [InlineData("")]
    [InlineData("get=0")]
    [InlineData("get=-1")]
    [InlineData("get=1=2")]
    [InlineData("get,get")]
    [InlineData("get:2")]
    [InlineData("Get")]
    [InlineData("multiget")]
    [InlineData("multiget:1")]
    [InlineData("multiget:101")]
    [InlineData("get=9 set=1")]
    public void Refuses(string text) => Assert.StartsWith(
        $"'{text}' is not a mix: ", Assert.Throws<LoadTestException>(() => OperationMix.Parse(text)).Message);

    [Theory]
    [InlineData(0, 14, KeyKind.Value, "k:000000000000")]
    [InlineData(7, 14, KeyKind.Value, "k:000000000007")]
    [InlineData(999_999_999_999, 14, KeyKind.Value, "k:999999999999")]
    [InlineData(1200, 20, KeyKind.Counter, "n:000000000000001200")]
    [InlineData(5, 14, KeyKind.Growing, "a:000000000005")]
    public void Keys_are(long index, int length, KeyKind kind, string key) =>
        Assert.Equal(key, new KeyFormat(length).ToText(index, kind));

    [Fact]
    public void Every_operation_can_be_asked_for() =>
        Assert.Equal(
            Enum.GetValues<Operation>(),
            OperationMix.Parse("get,multiget:2,set,delete,touch,gat,incr,decr,cas,gets,add,replace,append,prepend")
                .Entries.Select(each => each.Operation));
}
