using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Report.Html;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report.Html;

public sealed class HtmlReportTests
{
    [Fact]
    public void The_page_shows_everything()
    {
        XElement page = PageOf(SampleRun.Full());
        Assert.Equal(
            ["Summary", "Operations", "Charts", "Limits", "Errors", "Errors of the preload", "Settings"],
            page.Descendants("h2").Select(each => each.Value));
        Assert.Equal(
            ["Requests per second", "Latency over time", "Latency by percentile", "Errors", "Client CPU"],
            page.Descendants("figure").Select(each => each.Descendants("h3").Single().Value));
        Assert.Equal(
            ["failed"], page.Descendants("p").Where(each => ClassOf(each).StartsWith("pill", StringComparison.Ordinal))
                .Select(each => each.Value));
        Assert.Contains(page.Descendants("td"), cell => cell.Value == "SERVER_ERROR <b>out|of\\memory</b> & \"more\"");
        Assert.StartsWith(
            "Warning: the client is the bottleneck",
            page.Descendants("p").Single(each => ClassOf(each) == "note-line").Value);
        Assert.Equal(4, page.Descendants("details").Single().Descendants("tbody").Single().Elements().Count());
        Assert.Equal("2026-03-04T05:06:07Z", page.Descendants("time").Single().Attribute("datetime")!.Value);
    }

    [Fact]
    public void A_run_without_problems_shows_none()
    {
        XElement page = PageOf(SampleRun.Document(SampleRun.Result(3, _ => 90)));
        Assert.Equal(
            ["Summary", "Operations", "Charts", "Settings"], page.Descendants("h2").Select(each => each.Value));
        Assert.DoesNotContain(page.Descendants("p"), each => ClassOf(each).StartsWith("pill", StringComparison.Ordinal));
    }

    [Fact]
    public void A_scenario_has_its_name_and_its_simulations()
    {
        XElement page = PageOf(SampleRun.Document(SampleRun.Spike(), SampleRun.SpikeSettings));
        const string Title = "Load test “a <spike>” of 127.0.0.1:11211";
        Assert.Equal([Title, Title], page.Descendants().Where(each => each.Name.LocalName is "title" or "h1")
            .Where(each => each.Parent!.Name.LocalName != "rect").Select(each => each.Value));
        Assert.Equal(
            ["Summary", "Operations", "Load simulations", "Charts", "Settings"],
            page.Descendants("h2").Select(each => each.Value));
        XElement[] tables = [.. page.Descendants("tbody")];
        Assert.Equal(["get", "add", "all", "connect"], tables[0].Elements().Select(row => row.Element("th")!.Value));
        Assert.Equal(
            ["before 200 100", "spike| 280 280", "after 300 100"],
            tables[1].Elements().Select(row => string.Join(' ', row.Elements().Take(3).Select(cell => cell.Value))));
        Assert.Equal(
            ["12 add", "648 hits, 2 counters, 1 gone"],
            page.Descendants("dt").Where(each => each.Value is "not stored" or "verified")
                .Select(each => each.ElementsAfterSelf("dd").Single().Value));
    }

    /// <summary>Lines lie between simulations, after 2 and 3 of 6 seconds, and only where there is time on the axis.</summary>
    [Fact]
    public void Charts_over_time_name_the_simulations()
    {
        XElement[] figures =
            [.. PageOf(SampleRun.Document(SampleRun.Spike(), SampleRun.SpikeSettings)).Descendants("figure")];
        Assert.Equal(4, figures.Length);
        foreach (XElement figure in figures)
        {
            bool isOverTime = figure.Descendants("h3").Single().Value != "Latency by percentile";
            Assert.Equal(
                isOverTime ? ["M333.3 0V1000M500 0V1000"] : [],
                figure.Descendants("path").Where(each => ClassOf(each) == "bound").Select(each => each.Attribute("d")!.Value));
            Assert.Equal(
                isOverTime
                    ?
                    [
                        "left:0%;max-width:33.33% before", "left:33.33%;max-width:16.67% spike|",
                        "left:50%;max-width:50% after",
                    ]
                    : [],
                figure.Descendants("span").Where(each => ClassOf(each) == "span")
                    .Select(each => $"{each.Attribute("style")!.Value} {each.Value}"));
        }
    }

    [Fact]
    public void One_simulation_is_the_run()
    {
        LoadResult result = SampleRun.Spike();
        XElement page = PageOf(SampleRun.Document(result with { Simulations = [result.Simulations[0]] }));
        Assert.DoesNotContain(page.Descendants("h2"), each => each.Value == "Load simulations");
        Assert.DoesNotContain(page.Descendants(), each => ClassOf(each) is "bound" or "span");
    }

    /// <summary>A name needs room; one that was not reached has no place.</summary>
    [Fact]
    public void Simulations_without_room_have_no_name_in_the_charts()
    {
        RunDocument run = SampleRun.Document(SampleRun.Spike(), SampleRun.SpikeSettings);
        SimulationFigures one = run.Simulations[0];
        run = run with
        {
            Simulations =
            [
                one with { DuringSeconds = 5.9 }, one with { Name = "short", StartSeconds = 5.9, DuringSeconds = 0.1 },
                one with { Name = "never", StartSeconds = 6, DuringSeconds = 0 },
            ],
        };
        XElement chart = PageOf(run).Descendants("figure").First();
        Assert.Equal(
            "M983.3 0V1000", chart.Descendants("path").Single(each => ClassOf(each) == "bound").Attribute("d")!.Value);
        Assert.Equal("before", chart.Descendants("span").Single(each => ClassOf(each) == "span").Value);
    }

    /// <summary>A server that lies has failed, whatever the limits say.</summary>
    [Theory]
    [InlineData(ErrorKind.WrongValue, "failed")]
    [InlineData(ErrorKind.ServerError, "passed")]
    public void The_verdict_is_that_of_the_command(ErrorKind kind, string verdict)
    {
        LoadResult result = SampleRun.Result(3, _ => 90);
        result.Total.Errors.Count(kind, "an example");
        XElement page = PageOf(SampleRun.Document(result, null, new ThresholdVerdict("p99>5ms", "p99", "1 ms", false)));
        Assert.Equal(
            verdict,
            page.Descendants("p").Single(each => ClassOf(each).StartsWith("pill", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void Nothing_is_fetched_and_nothing_runs()
    {
        string html = HtmlOf(SampleRun.Full());
        XElement page = Parse(html);
        Assert.All(
            page.DescendantsAndSelf().Attributes().Where(each => each.Name.LocalName is "href" or "src"),
            each => Assert.StartsWith("data:", each.Value));
        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotContain("url(", html);
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("http", html);
    }

    /// <summary>What is drawn is said in words, too.</summary>
    [Fact]
    public void Charts_have_names_and_tables_have_headings()
    {
        XElement page = PageOf(SampleRun.Full());
        Assert.All(page.Descendants("svg"), svg =>
        {
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.Matches("^[A-Z].*[0-9]", svg.Attribute("aria-label")!.Value);
        });
        Assert.All(
            page.Descendants("tr"), row => Assert.Equal("th", row.Elements().First().Name.LocalName));
        string[] ids = [.. page.Descendants().Attributes("id").Select(each => each.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("section"), section => Assert.Contains(section.Attribute("aria-labelledby")!.Value, ids));
    }

    [Fact]
    public void Lines_go_through_the_seconds()
    {
        XElement figure = PageOf(SampleRun.Document(SampleRun.Result(4, second => 90 + (10 * second))))
            .Descendants("figure").First();
        // 100 to 130 a second on an axis to 150, in the middle of four seconds; the topmost line comes last.
        Assert.Equal(
            "M125 333.3h0L375 266.7L625 200L875 133.3",
            figure.Descendants("path").Last().Attribute("d")!.Value);
        Assert.Equal(
            "second 1: 100 requests/s", figure.Descendants("title").First().Value);
    }

    [Fact]
    public void An_hour_of_seven_operations_is_less_than_a_megabyte()
    {
        RunDocument run = SampleRun.Document(SampleRun.Result(2, _ => 5000));
        string[] names = [.. OperationMix.Parse("get,multiget:10,set,delete,touch,gat,incr").Entries.Select(each => each.Name)];
        var random = new Random(1);
        SecondFigures second = run.Seconds[0];
        run = run with
        {
            ElapsedSeconds = 3600,
            Operations = new(names.ToDictionary(name => name, _ => run.Operations["get"])),
            Seconds =
            [
                .. Enumerable.Range(1, 3600).Select(number => second with
                {
                    Second = number,
                    Requests = random.Next(1_000_000),
                    LatencyMicros = new(second.LatencyMicros.ToDictionary(
                        each => each.Key, _ => random.NextDouble() * 1e6)),
                    Operations = new(names.ToDictionary(
                        name => name, _ => second.Operations["get"] with { Requests = random.Next(1_000_000) })),
                }),
            ],
        };
        string html = HtmlOf(run);
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 100_000, 1_000_000);
        XElement page = Parse(html);
        Assert.Contains(page.Descendants("figcaption"), each => each.Value.EndsWith("the mean of 12 seconds.", StringComparison.Ordinal));
        Assert.Equal("One second of 6", page.Descendants("summary").Single().Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_run_that_was_too_short_is_a_page_all_the_same(int seconds)
    {
        XElement page = PageOf(SampleRun.Document(SampleRun.Result(seconds, _ => 10)));
        Assert.Equal(seconds == 0 ? 0 : 4, page.Descendants("figure").Count());
        Assert.DoesNotContain("NaN", page.ToString());
        Assert.DoesNotContain("∞", page.ToString());
    }

    private static XElement PageOf(RunDocument run) => Parse(HtmlOf(run));

    private static string HtmlOf(RunDocument run)
    {
        using var output = new StringWriter();
        HtmlReport.Write(run, output);
        return output.ToString();
    }

    private static XElement Parse(string html)
    {
        const string Doctype = "<!doctype html>\n";
        Assert.StartsWith(Doctype, html);
        return XElement.Parse(html[Doctype.Length..]);
    }

    private static string ClassOf(XElement element) => element.Attribute("class")?.Value ?? "";
}
