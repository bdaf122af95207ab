using System;
using System.Linq;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>The judge of our pages is strict.</summary>
public sealed class OpenMetricsParserTests
{
    private const string Good =
        "# TYPE a counter\n# HELP a A \\\"thing\\\".\na_total{x=\"1\",y=\"\\\\\\n\\\"\"} 5\na_total{x=\"2\",y=\"\"} 1.5\n" +
        "# TYPE b_seconds histogram\n# UNIT b_seconds seconds\n# HELP b_seconds B.\nb_seconds_bucket{le=\"0.1\"} 1\n" +
        "b_seconds_bucket{le=\"+Inf\"} 3\nb_seconds_sum 2e-05\nb_seconds_count 3\n# TYPE c info\nc_info{v=\"1\"} 1\n# EOF\n";

    public static TheoryData<string, string> Broken => new()
    {
        { "no EOF", "a 1\n" },
        { "EOF without its line feed", "# TYPE a gauge\na 1\n# EOF" },
        { "something behind EOF", "# EOF\n# TYPE a gauge\na 1\n" },
        { "an empty line", "# TYPE a gauge\n\na 1\n# EOF\n" },
        { "a carriage return", "# TYPE a gauge\r\na 1\n# EOF\n" },
        { "a comment", "# hello\n# EOF\n" },
        { "an untyped family of Prometheus", "# TYPE a untyped\na 1\n# EOF\n" },
        { "a counter without _total", "# TYPE a counter\na 1\n# EOF\n" },
        { "a counter of which the family has _total", "# TYPE a_total counter\na_total 1\n# EOF\n" },
        { "a gauge with _total", "# TYPE a gauge\na_total 1\n# EOF\n" },
        { "a negative counter", "# TYPE a counter\na_total -1\n# EOF\n" },
        { "a counter that is no number", "# TYPE a counter\na_total NaN\n# EOF\n" },
        { "a descriptor behind samples", "# TYPE a gauge\na 1\n# HELP a x\n# EOF\n" },
        { "two types", "# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n" },
        { "two helps", "# HELP a x\n# HELP a x\n# TYPE a gauge\na 1\n# EOF\n" },
        { "interleaved families", "# TYPE a gauge\na{x=\"1\"} 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na 1\n# EOF\n" },
        { "a unit that is not in the name", "# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n" },
        { "an info with a unit", "# TYPE a_seconds info\n# UNIT a_seconds seconds\na_seconds_info 1\n# EOF\n" },
        { "an info of 2", "# TYPE a info\na_info{x=\"1\"} 2\n# EOF\n" },
        { "a sample twice", "# TYPE a gauge\na{x=\"1\"} 1\na{x=\"1\"} 2\n# EOF\n" },
        { "a label twice", "# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n# EOF\n" },
        { "a comma behind the last label", "# TYPE a gauge\na{x=\"1\",} 1\n# EOF\n" },
        { "no comma", "# TYPE a gauge\na{x=\"1\"y=\"2\"} 1\n# EOF\n" },
        { "a label with a digit first", "# TYPE a gauge\na{1x=\"1\"} 1\n# EOF\n" },
        { "an escape that is none", "# TYPE a gauge\na{x=\"\\t\"} 1\n# EOF\n" },
        { "a quotation mark in HELP", "# TYPE a gauge\n# HELP a \"x\"\na 1\n# EOF\n" },
        { "two spaces", "# TYPE a gauge\na  1\n# EOF\n" },
        { "a space at the end", "# TYPE a gauge\na 1 \n# EOF\n" },
        { "a value in words", "# TYPE a gauge\na one\n# EOF\n" },
        { "a hexadecimal value", "# TYPE a gauge\na 0x1\n# EOF\n" },
        { "no value", "# TYPE a gauge\na\n# EOF\n" },
        { "a name with a hyphen", "# TYPE a-b gauge\na-b 1\n# EOF\n" },
        { "buckets without +Inf", "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n# EOF\n" },
        { "buckets in no order", "# TYPE a histogram\na_bucket{le=\"2\"} 1\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n# EOF\n" },
        { "buckets that sink", "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n# EOF\n" },
        { "a count that is another", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n# EOF\n" },
        { "a histogram without sum", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 1\n# EOF\n" },
        { "le of a gauge", "# TYPE a gauge\na{le=\"1\"} 1\n# EOF\n" },
        { "a family that is another with a suffix", "# TYPE a counter\na_total 1\n# TYPE a_created gauge\na_created 1\n# EOF\n" },
    };

    [Fact]
    public void What_is_right_is_read()
    {
        var families = OpenMetricsParser.Parse(Good);
        Assert.Equal(["a", "b_seconds", "c"], families.Select(family => family.Name));
        Assert.Equal("A \"thing\".", families[0].Help);
        Assert.Equal("\\\n\"", families[0].Samples[0].Labels[1].Value);
        Assert.Equal("seconds", families[1].Unit);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_wrong_is_refused(string name, string page) =>
        Assert.True(Assert.Throws<FormatException>(() => OpenMetricsParser.Parse(page)).Message.Length > 0, name);
}
