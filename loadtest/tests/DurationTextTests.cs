using System;
using Xunit;

namespace Memcachier.LoadTest.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("250us", 0.25)]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0s", 0)]
    public void Reads(string text, double millis) =>
        Assert.Equal(TimeSpan.FromMilliseconds(millis), DurationText.Parse(text, "--duration"));

    [Theory]
    [InlineData("250us", "250us")]
    [InlineData("1000us", "1ms")]
    [InlineData("1500ms", "1500ms")]
    [InlineData("60s", "1m")]
    [InlineData("120m", "2h")]
    public void Writes(string text, string expected) =>
        Assert.Equal(expected, DurationText.Of(DurationText.Parse(text, "--duration")));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1e9s")]
    [InlineData("99999h")]
    [InlineData("1sm")]
    public void Refuses(string text) => Assert.Equal(
        $"'{text}' is not a duration: --duration takes a number and us, ms, s, m or h, say 10s",
        Assert.Throws<LoadTestException>(() => DurationText.Parse(text, "--duration")).Message);
}
