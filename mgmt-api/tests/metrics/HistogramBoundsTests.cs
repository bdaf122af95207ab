using System.Globalization;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

public sealed class HistogramBoundsTests
{
    [Fact]
    public void Each_bound_is_one_of_the_histograms_own()
    {
        for (int i = 0; i < HistogramBounds.Count; i++)
        {
            int micros = HistogramBounds.Micros(i);
            Assert.Equal(micros, LatencyHistogram.LowerBoundMicros(LatencyHistogram.BucketOf(micros)));
            Assert.True(i == 0 || micros > HistogramBounds.Micros(i - 1));
        }
    }

    [Fact]
    public void The_text_of_a_bound_is_its_seconds_as_go_writes_them()
    {
        for (int i = 0; i < HistogramBounds.Count; i++)
        {
            string text = Encoding.ASCII.GetString(HistogramBounds.Text(i));
            decimal seconds = HistogramBounds.Micros(i) / 1_000_000m;
            Assert.Equal(seconds, decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
            // strconv's format g, shortest: an exponent below 1e-4, of at least two digits.
            string expected = seconds < 0.0001m
                ? ((double)seconds).ToString("0.###e-00", CultureInfo.InvariantCulture)
                : seconds.ToString("0.######", CultureInfo.InvariantCulture);
            Assert.Equal(expected, text);
        }
    }

    [Fact]
    public void A_bucket_has_what_took_less_than_its_bound()
    {
        var world = new MetricsWorld();
        int[] micros = [.. Enumerable.Range(0, 3000).Select(i => i * 701 % 2_000_003)];
        foreach (int duration in micros) world.Rounds.RequestTimes.Record(duration, 2);
        Family family = TextParser.Parse(world.Read(MetricsFormat.Text)).Single(one => one.Type == "histogram");
        for (int i = 0; i < HistogramBounds.Count; i++)
        {
            long count = 2 * micros.Count(duration => duration < HistogramBounds.Micros(i));
            Assert.Equal(count.ToString(CultureInfo.InvariantCulture), family.Samples[i].Value);
        }
        decimal sum = 2 * micros.Sum(duration => (long)duration) / 1_000_000m;
        Assert.Equal(["6000", sum.ToString("0.000000", CultureInfo.InvariantCulture), "6000"],
            family.Samples.Skip(HistogramBounds.Count).Select(sample => sample.Value));
    }
}
