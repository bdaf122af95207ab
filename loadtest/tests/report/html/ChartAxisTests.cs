using System.Linq;
using Memcachier.LoadTest.Report.Html;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report.Html;

public sealed class ChartAxisTests
{
    [Theory]
    [InlineData(0, "0 0.5 1")]
    [InlineData(1, "0 0.5 1")]
    [InlineData(7, "0 2 4 6 8")]
    [InlineData(5000, "0 2000 4000 6000")]
    [InlineData(84_000, "0 50 k 100 k")]
    public void Linear_axes_are_round(double most, string labels) =>
        Assert.Equal(labels, Labels(ChartAxis.Linear(most, RunCharts.Count)));

    [Theory]
    [InlineData(84, 90, "50 µs 100 µs")]
    [InlineData(100, 100, "100 µs 200 µs 500 µs 1 ms")]
    [InlineData(84, 5000, "50 µs 100 µs 200 µs 500 µs 1 ms 2 ms 5 ms")]
    [InlineData(9, 2_000_000, "10 µs 100 µs 1 ms 10 ms 100 ms 1 s")]
    public void Logarithmic_axes_are_round(double least, double most, string labels) =>
        Assert.Equal(labels, Labels(ChartAxis.Log(least, most, RunCharts.RoundLatency)));

    [Theory]
    [InlineData(0.3, "0:00")]
    [InlineData(5, "0:00 0:01 0:02 0:03 0:04 0:05")]
    [InlineData(95, "0:00 0:30 1:00 1:30")]
    [InlineData(3600, "0:00 10:00 20:00 30:00 40:00 50:00 1:00:00")]
    public void Time_has_at_most_seven_labels(double seconds, string labels) =>
        Assert.Equal(labels, Labels(ChartAxis.Time(seconds)));

    [Theory]
    [InlineData(10, "50% 90% 99%")]
    [InlineData(1000, "50% 90% 99% 99.9%")]
    [InlineData(1_000_000, "50% 90% 99% 99.9% 99.99% 99.999% 99.9999%")]
    public void Percentiles_are_as_fine_as_there_are_values(long count, string labels) =>
        Assert.Equal(labels, Labels(ChartAxis.Percentiles(count)));

    [Fact]
    public void Places_go_from_0_to_1()
    {
        ChartAxis axis = ChartAxis.Log(10, 1000, RunCharts.RoundLatency);
        Assert.Equal(
            [0, 0, 0.5, 1, 1], new[] { 1.0, 10, 100, 1000, 5000 }.Select(value => System.Math.Round(axis.PlaceOf(value), 9)));
    }

    private static string Labels(ChartAxis axis) => string.Join(' ', axis.Ticks.Select(tick => tick.Label));
}
