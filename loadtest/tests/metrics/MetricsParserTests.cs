using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Metrics;
using Xunit;

namespace Memcachier.LoadTest.Tests.Metrics;

public sealed class MetricsParserTests
{
    [Theory]
    [InlineData("a 1", "a", "", 1)]
    [InlineData("a_total 1.5e3 1700000000000", "a_total", "", 1500)]
    [InlineData("  job:a\t-2  ", "job:a", "", -2)]
    [InlineData("a{} 3", "a", "", 3)]
    [InlineData("a{x=\"1\"} 3", "a", "x=1", 3)]
    [InlineData("a { x = \"1\" , y=\"\" , } 3", "a", "x=1;y=", 3)]
    [InlineData("a{x=\"say \\\"}\\\" \\\\ \\n\"} 3", "a", "x=say \"}\" \\ \n", 3)]
    [InlineData("a +Inf", "a", "", double.PositiveInfinity)]
    [InlineData("a -Inf", "a", "", double.NegativeInfinity)]
    [InlineData("a NaN", "a", "", double.NaN)]
    public void Samples_are_read(string line, string name, string labels, double value)
    {
        MetricSample sample = Assert.Single(MetricsParser.Parse($"# TYPE a counter\n\n{line}\r\n# EOF"));
        Assert.Equal(
            (name, labels, value),
            (sample.Name, string.Join(';', sample.Labels.Select(each => $"{each.Key}={each.Value}")), sample.Value));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1a 1")]
    [InlineData("a one")]
    [InlineData("a 1,5")]
    [InlineData("a Infinity")]
    [InlineData("a 1 soon")]
    [InlineData("a 1 2 3")]
    [InlineData("a{x=\"1\" 3")]
    [InlineData("a{x=\"1} 3")]
    [InlineData("a{x=1} 3")]
    [InlineData("a{x=\"\\t\"} 3")]
    [InlineData("a{x=\"1\",x=\"2\"} 3")]
    [InlineData("a{x=\"1\" y=\"2\"} 3")]
    [InlineData("a{,} 3")]
    [InlineData("<html>")]
    public void Something_else_is_refused(string line) => Assert.Equal(
        $"line 2 is no metric: {line}",
        Assert.Throws<FormatException>(() => MetricsParser.Parse($"a 1\n{line}")).Message);

    [Fact]
    public void A_sample_has_what_the_page_says()
    {
        ServerSample sample = ServerSample.Of(2, MetricsParser.Parse(MetricsPages.Of(gets: 70, misses: 30)));
        Assert.Equal(2, sample.Second);
        Assert.Equal(
            [new("get hit", 70), new("get miss", 30), new KeyValuePair<string, double>("set hit", 5)], sample.Commands);
        Assert.Equal((10, 1_000_000, 64_000_000), (sample.Items, sample.Bytes, sample.LimitBytes));
        Assert.Equal((3, 2, 1.5), (sample.Connections, sample.Evictions, sample.CpuSeconds));
        Assert.Null(sample.BytesRead);
    }

    [Fact]
    public void Facts_are_what_grew_and_what_is_there()
    {
        var figures = new ServerFigures
        {
            Url = "http://here/metrics",
            Failures = 0,
            Samples =
            [
                ServerSample.Of(0.5, MetricsParser.Parse(MetricsPages.Of(gets: 0, misses: 0, cpu: 1))),
                ServerSample.Of(2.5, MetricsParser.Parse(MetricsPages.Of(gets: 180, misses: 20, cpu: 2))),
            ],
        };
        Assert.Equal(
            [
                ("get", "100/s, 10.00% misses"), ("items", "10"), ("bytes", "1.0 MB of 64.0 MB"), ("evictions", "0"),
                ("connections", "3"), ("CPU", "50%"),
            ],
            figures.Facts());
        Assert.Empty((figures with { Samples = [figures.Samples[0]] }).Facts());
    }
}
