using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Report.Compare;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report.Compare;

public sealed class ComparisonTests
{
    /// <summary>Seconds of 94, 102, 94, 102, ... requests: their standard deviation is 4.</summary>
    private static readonly Func<int, int> Uneven = second => second % 2 == 0 ? 84 : 92;

    [Fact]
    public void The_table_is_this_one()
    {
        using var output = new StringWriter { NewLine = "\n" };
        CompareReport.Print(
            Comparison.Of(
            [
                Side("before", SampleRun.Result(16, Uneven)), Side("after", SampleRun.Result(16, Uneven, scale: 1.2)),
            ]), output);
        string[] lines = output.ToString().Split('\n');
        Assert.Equal(
            [
                "figure       before    after  ratio  noise  verdict",
                "rate           98/s     98/s  1.000  ±6.0%  no difference",
                "mean         181 µs   217 µs  1.200  ±0.6%  worse",
                "p50          150 µs   179 µs  1.199  ±2.0%  worse",
            ],
            lines[..4]);
        Assert.Contains("errors        0.00%    0.00%      -  ±0.0%  no difference", lines);
        Assert.Contains("set.max      500 µs   600 µs  1.200  ±0.6%  worse", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("set.misses", StringComparison.Ordinal));
    }

    /// <summary>Both have a deviation of 4.1 requests: together that is 5.8.</summary>
    [Theory]
    [InlineData(0, Verdict.Same)]
    [InlineData(5, Verdict.Same)]
    [InlineData(-5, Verdict.Same)]
    [InlineData(7, Verdict.Better)]
    [InlineData(-7, Verdict.Worse)]
    public void A_difference_within_the_spread_of_the_seconds_is_none(int more, Verdict verdict)
    {
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(16, Uneven)),
            Side("after", SampleRun.Result(16, second => Uneven(second) + more)),
        ]);
        Difference difference = Of(comparison, "rate");
        Assert.InRange(difference.Noise!.Value, 5.7, 5.9);
        Assert.Equal(verdict, difference.Verdict);
        Assert.Equal(98, difference.Baseline);
        Assert.Equal(98 + more, difference.Value);
    }

    /// <summary>The seconds are as uneven as before, but that the runs differ by 1 is known now.</summary>
    [Theory]
    [InlineData(1, Verdict.Same)]
    [InlineData(4, Verdict.Better)]
    [InlineData(-4, Verdict.Worse)]
    public void With_several_runs_it_is_their_medians_and_their_spread(int more, Verdict verdict)
    {
        CompareSide[] sides =
        [
            .. new[] { 0, more }.Select(all => new CompareSide($"{all}",
            [
                .. new[] { -1, 0, 1 }.Select(
                    one => SampleRun.Document(SampleRun.Result(16, second => Uneven(second) + all + one))),
            ])),
        ];
        Difference difference = Of(Comparison.Of(sides), "rate");
        Assert.Equal(98, difference.Baseline);
        Assert.Equal(Math.Sqrt(2), difference.Noise!.Value, 6);
        Assert.Equal(verdict, difference.Verdict);
    }

    [Fact]
    public void Half_a_percent_is_never_a_difference()
    {
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(8, _ => 1000)), Side("after", SampleRun.Result(8, _ => 1000, scale: 1.004)),
        ]);
        Assert.Equal(Verdict.Same, Of(comparison, "p50").Verdict);
    }

    [Fact]
    public void Two_seconds_are_too_few()
    {
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(2, _ => 100)), Side("after", SampleRun.Result(8, _ => 200)),
        ]);
        Difference difference = Of(comparison, "rate");
        Assert.Equal((Verdict.Unknown, "?"), (difference.Verdict, difference.NoiseText));
    }

    [Fact]
    public void Other_loads_are_named()
    {
        LoadSettings other = SampleRun.Settings with
        {
            Depth = 16,
            Rate = 0,
            Seed = 7,
            Server = new ServerAddress("10.0.0.1", 11211),
        };
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(4, Uneven)),
            new CompareSide("after", [SampleRun.Document(SampleRun.Result(4, Uneven), other)]),
        ]);
        Assert.Equal(
            ["depth is 1 in before, 16 in after", "rate is 1000 in before, not set in after"],
            comparison.SettingsDifferences);
    }

    [Fact]
    public void An_operation_that_is_not_there_is_not_compared()
    {
        LoadSettings other = SampleRun.Settings with { Mix = OperationMix.Parse("get=9,delete=1") };
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(4, Uneven)),
            new CompareSide("after", [SampleRun.Document(SampleRun.Result(4, Uneven), other)]),
        ]);
        using var output = new StringWriter { NewLine = "\n" };
        CompareReport.Print(comparison, output);
        Assert.Matches("\nset.p99 +500 µs +- +- +-  not there\n", output.ToString());
    }

    /// <summary>Connecting has no seconds, the first two simulations have too few.</summary>
    [Fact]
    public void Simulations_of_the_same_name_are_compared()
    {
        Comparison comparison = Comparison.Of([Spike("before"), Spike("after", 2)]);
        Assert.Equal(
            [
                "connect.rate 1.0 one run cannot tell", "connect.p50 2.0 one run cannot tell",
                "connect.p99 2.0 one run cannot tell",
                "before.rate 1.0 too short to tell", "before.p50 2.0 too short to tell", "before.p99 2.0 too short to tell",
                "spike|.rate 1.0 too short to tell", "spike|.p50 2.0 too short to tell", "spike|.p99 2.0 too short to tell",
                "after.rate 1.0 no difference", "after.p50 2.0 worse", "after.p99 2.0 worse",
            ],
            comparison.Figures.SkipWhile(figure => figure.Operation != Figure.Connect).Select(figure =>
            {
                Difference difference = comparison.DifferenceOf(figure, comparison.Sides[1])!;
                return FormattableString.Invariant($"{figure.FullName} {difference.Ratio:0.0} {difference.VerdictText}");
            }));
        Assert.Empty(comparison.SettingsDifferences);
    }

    /// <summary>Of 100 requests a second, and of 280 in the spike; a second that has some of both says nothing.</summary>
    [Theory]
    [InlineData("before", 0, new double[] { 100, 100 })]
    [InlineData("spike|", 0, new double[] { 280 })]
    [InlineData("after", 0, new double[] { 100, 100, 100 })]
    [InlineData("after", 0.5, new double[] { 100, 100 })]
    [InlineData("spike|", 0.5, new double[0])]
    [InlineData("nobody", 0, new double[0])]
    public void A_simulation_has_its_own_seconds(string name, double later, double[] rates)
    {
        RunDocument run = SampleRun.Document(SampleRun.Spike(), SampleRun.SpikeSettings);
        run = run with
        {
            Simulations = [.. run.Simulations.Select(each => each with { StartSeconds = each.StartSeconds + later })],
        };
        Assert.Equal(rates, new Figure("rate", null) { Simulation = name }.OfSeconds(run));
    }

    /// <summary>Names that are not there, that are not the only ones, or that are an operation's, too.</summary>
    [Theory]
    [InlineData(new[] { "before", "peak", "after" }, new[] { "before", "after" })]
    [InlineData(new[] { "pause", "pause", "after" }, new[] { "after" })]
    [InlineData(new[] { "get", "connect", "after" }, new[] { "after" })]
    public void Which_simulations_are_compared(string[] names, string[] compared)
    {
        Comparison comparison = Comparison.Of([Spike("one", 1, names), Spike("other", 1, names), Spike("third")]);
        Assert.Equal(
            compared, comparison.Figures
                .Where(figure => figure.Simulation != null && comparison.DifferenceOf(figure, comparison.Sides[2]) != null)
                .Select(figure => figure.Simulation).Distinct());
        Assert.Equal(
            comparison.Figures.Select(figure => figure.FullName).Distinct(),
            comparison.Figures.Select(figure => figure.FullName));
        string list = string.Join(", ", names.Select(name => $"{name} (inject)"));
        Assert.Equal(
            [$"the load simulations are {list} in one, before (inject), spike| (inject), after (inject) in third"],
            comparison.SettingsDifferences);
    }

    [Fact]
    public void A_run_of_one_simulation_has_none_to_compare()
    {
        LoadResult result = SampleRun.Spike();
        Comparison comparison = Comparison.Of(
        [
            Spike("several"),
            new CompareSide("one", [SampleRun.Document(
                result with { Simulations = [result.Simulations[0]] }, SampleRun.SpikeSettings)]),
        ]);
        Assert.All(comparison.Figures, figure => Assert.Null(figure.Simulation));
        Assert.Equal(
            ["the load simulations are before (inject), spike| (inject), after (inject) in several, one in one"],
            comparison.SettingsDifferences);
    }

    [Theory]
    [InlineData("after.p99>+50%", "after.p99 is 1.00 ms in slow and was 500 µs: +100.0%, which --fail-if 'after.p99>+50%' forbids")]
    [InlineData("connect.p99>+50%", "connect.p99 is 4.00 ms in slow and was 2.00 ms: +100.0%, which --fail-if 'connect.p99>+50%' forbids")]
    [InlineData("after.rate<-0%", null)]
    public void Limits_judge_simulations_and_connects(string text, string? sentence)
    {
        Comparison comparison = Comparison.Of([Spike("before"), Spike("slow", 2)]);
        Assert.Equal(sentence, ChangeLimit.Parse(text, comparison).Judge(comparison, comparison.Sides[1]));
    }

    [Fact]
    public void Files_are_sides_and_commas_are_runs()
    {
        using var directory = new TemporaryDirectory();
        string one = directory.Write("one.json", SampleRun.Json(SampleRun.Result(4, _ => 90)));
        string two = directory.Write("two.json", SampleRun.Json(SampleRun.Result(4, _ => 110)));
        string deep = directory.Write(
            "deep.json", SampleRun.Json(SampleRun.Result(4, _ => 90), SampleRun.Settings with { Depth = 2 }));
        IReadOnlyList<CompareSide> sides = CompareSide.ReadFiles([one, $"{one},{two}"]);
        Assert.Equal([one, $"{one} +1"], sides.Select(side => side.Name));
        Assert.Equal(["two", "one"], CompareSide.ReadFiles([two, one]).Select(side => side.Name));
        Assert.Equal(110, sides[1].ValueOf(new Figure("rate", null)));
        Assert.Equal(
            $"the runs of one +1 are not of the same load: depth is 1 in {one}, 2 in {deep}",
            Assert.Throws<LoadTestException>(() => CompareSide.ReadFiles([$"{one},{deep}", two])).Message);
    }

    [Theory]
    [InlineData("p50>+15%", "p50 is 179 µs in after and was 149 µs: +20.0%, which --fail-if 'p50>+15%' forbids")]
    [InlineData("p50>+25%", null)]
    [InlineData("set.p99.99 > +10%", "set.p99.99 is 600 µs in after and was 500 µs: +20.0%, which --fail-if 'set.p99.99 > +10%' forbids")]
    [InlineData("rate<-5%", "rate is 91/s in after and was 98/s: -7.1%, which --fail-if 'rate<-5%' forbids")]
    [InlineData("rate<-8%", null)]
    [InlineData("rate<-0%", "rate is 91/s in after and was 98/s: -7.1%, which --fail-if 'rate<-0%' forbids")]
    [InlineData("rate>+0%", null)]
    [InlineData("errors>+0%", null)]
    [InlineData("get.misses>+0.01%", null)]
    public void Limits_judge(string text, string? sentence)
    {
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(16, Uneven)),
            Side("after", SampleRun.Result(16, second => Uneven(second) - 7, scale: 1.2)),
        ]);
        // The latencies of fewer gets are a little shorter.
        string? actual = ChangeLimit.Parse(text, comparison).Judge(comparison, comparison.Sides[1]);
        if (sentence == null || !text.StartsWith("p50", StringComparison.Ordinal)) Assert.Equal(sentence, actual);
        else Assert.StartsWith("p50 is 17", actual);
    }

    [Fact]
    public void A_change_that_may_be_noise_misses_no_limit()
    {
        Comparison comparison = Comparison.Of(
        [
            Side("before", SampleRun.Result(16, Uneven)),
            Side("after", SampleRun.Result(16, second => Uneven(second) - 5)),
        ]);
        Assert.Null(ChangeLimit.Parse("rate<-1%", comparison).Judge(comparison, comparison.Sides[1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("p99")]
    [InlineData("p99>5%")]
    [InlineData("p99>-5%")]
    [InlineData("p99<+5%")]
    [InlineData("p99>+5")]
    [InlineData("p99>+%")]
    [InlineData("p98>+5%")]
    [InlineData("delete.p99>+5%")]
    [InlineData("set.misses>+5%")]
    public void Limits_refuse(string text)
    {
        Comparison comparison = Comparison.Of(
            [Side("before", SampleRun.Result(4, Uneven)), Side("after", SampleRun.Result(4, Uneven))]);
        string sentence = Assert.Throws<LoadTestException>(() => ChangeLimit.Parse(text, comparison)).Message;
        Assert.StartsWith($"'{text}' is not a limit of a change: ", sentence);
        Assert.Contains("write FIGURE>+N%", sentence);
    }

    [Fact]
    public void The_page_has_the_table_and_the_charts()
    {
        using var output = new StringWriter();
        CompareReport.WriteHtml(
            Comparison.Of([Side("a<b", SampleRun.Result(4, Uneven)), Side("after", SampleRun.Result(9, Uneven))]), output);
        XElement page = XElement.Parse(output.ToString()["<!doctype html>\n".Length..]);
        Assert.Equal("after against a<b", page.Descendants("h1").Single().Value);
        Assert.Equal(
            ["Requests per second", "p99 over time", "Latency by percentile"],
            page.Descendants("figure").Select(each => each.Descendants("h3").Single().Value));
        Assert.Equal(2, page.Descendants("table").Count());
        Assert.Equal(3 * 2, page.Descendants("path").Count(each => each.Attribute("class")!.Value.StartsWith("trace", StringComparison.Ordinal)));
    }

    [Fact]
    public void Markdown_has_the_table()
    {
        using var output = new StringWriter();
        CompareReport.WriteMarkdown(
            Comparison.Of([Side("before", SampleRun.Result(16, Uneven)), Side("after", SampleRun.Result(16, Uneven))]),
            output);
        Assert.StartsWith(
            "### Comparison of load tests\n\n" +
            "| figure | before | after | ratio | noise | verdict |\n" +
            "| --- | ---: | ---: | ---: | ---: | ---: |\n" +
            "| rate | 98/s | 98/s | 1.000 | ±6.0% | no difference |\n",
            output.ToString());
    }

    [Theory]
    [InlineData("a.txt", "x 1\ny\n", "")]
    [InlineData("b.txt", "x 1\ny\n", "")]
    [InlineData("a.txt", "x 1\ny 2\n", "key file hash is * in before, * in after")]
    [InlineData("a.txt", "x 1\n", "keys is 2 in before, 1 in after; key file hash is * in before, * in after")]
    [InlineData(null, null,
        "keys is 2 in before, 100000 in after; " +
        "key file hash is * in before, not set in after; key size is not set in before, 16 in after")]
    public void Loads_with_other_keys_differ(string? path, string? contents, string differences)
    {
        Comparison comparison = Comparison.Of([WithKeys("before", "a.txt", "x 1\ny\n"), WithKeys("after", path, contents)]);
        string actual = string.Join("; ", comparison.SettingsDifferences);
        Assert.Equal(differences, Regex.Replace(actual, "[0-9a-f]{16}", "*"));
    }

    private static CompareSide WithKeys(string name, string? path, string? contents) =>
        new(name, [SampleRun.Document(SampleRun.Result(4, Uneven), SampleRun.Settings with
        {
            KeyFile = contents == null
                ? null
                : KeyFileReader.Read(path!, new MemoryStream(Encoding.ASCII.GetBytes(contents))),
        })]);

    private static CompareSide Spike(string name, double scale = 1, params string[] names) =>
        new(name, [SampleRun.Document(SampleRun.Spike(scale, names), SampleRun.SpikeSettings)]);

    private static CompareSide Side(string name, LoadResult result) => new(name, [SampleRun.Document(result)]);

    private static Difference Of(Comparison comparison, string name) =>
        comparison.DifferenceOf(comparison.Figures.First(each => each.FullName == name), comparison.Sides[1])!;
}
