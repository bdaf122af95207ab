using System;
using System.Collections.Generic;
using System.IO;
using Memcachier.Bench.Report;
using Xunit;

namespace Memcachier.LoadTest.Tests.Bench;

public sealed class BaselineTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("the same", 1000, 1000, null)]
    [InlineData("less", 1000, 10, null)]
    [InlineData("2.9 % more", 1000, 1029, null)]
    [InlineData("3.1 % more", 1000, 1031, "x: 1031, it was 1000")]
    [InlineData("nothing, and still next to nothing", 0, 0.009, null)]
    [InlineData("nothing, and now something", 0, 0.5, "x: 0.5, it was 0")]
    public void A_figure_may_grow_by_3_percent(string _, double before, double now, string? complaint)
    {
        Baseline.Save(Figure(before), _file);
        IReadOnlyList<string> complaints = Baseline.Load(_file).Judge(Figure(now));
        Assert.Equal(complaint == null ? [] : [complaint], complaints);
    }

    [Fact]
    public void A_figure_without_a_baseline_is_a_complaint_and_a_baseline_without_a_figure_is_none()
    {
        Baseline.Save(new Dictionary<string, double> { ["x"] = 1, ["y"] = 2 }, _file);
        Assert.Empty(Baseline.Load(_file).Judge(Figure(1)));
        Baseline.Save(new Dictionary<string, double> { ["y"] = 2 }, _file);
        Assert.Equal(["x is not in the baseline"], Baseline.Load(_file).Judge(Figure(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"x\": \"y\"}")]
    public void What_is_no_baseline_is_said_in_a_sentence(string text)
    {
        File.WriteAllText(_file, text);
        Assert.StartsWith("the baseline ", Assert.Throws<LoadTestException>(() => Baseline.Load(_file)).Message);
    }

    private static Dictionary<string, double> Figure(double value) => new() { ["x"] = value };
}
