using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Report.Document;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report.Document;

public sealed class RunDocumentTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        RunDocument run = SampleRun.Full();
        Assert.Equal(2, run.Format);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), run.Started);
        Assert.Equal("get=9,set=1", run.Settings["mix"].GetString());
        Assert.Equal((4, 406, 1), (run.ElapsedSeconds, run.Total.Requests, run.Errors.Total));
        Assert.Equal(["get", "set"], run.Operations.Keys);
        Assert.Equal((366, 36), (run.Operations["get"].Requests, run.Operations["get"].Misses));
        Assert.Equal(["mean", "p50", "p90", "p95", "p99", "p99.9", "p99.99", "max"], run.Total.LatencyMicros.Keys);
        Assert.Equal(500, run.Operations["set"].LatencyMicros["max"]);
        Assert.Equal(("server error", 1L), (run.Errors.Kinds()[0].Name, run.Errors.Kinds()[0].Count));
        Assert.StartsWith("SERVER_ERROR <b>", run.PreloadErrors.Kinds()[0].First);
        Assert.Equal([0.3, 0.95], run.Client.Cpu);
        _ = Assert.Single(run.Client.Warnings);
        Assert.Equal([false, true], run.Thresholds.Select(each => each.IsFailed));
    }

    [Fact]
    public void Every_second_has_what_the_whole_has()
    {
        RunDocument run = SampleRun.Full();
        Assert.Equal([1, 2, 3, 4], run.Seconds.Select(second => second.Second));
        SecondFigures second = run.Seconds[1];
        Assert.Equal((101, 82, 9, 1), (second.Requests, second.Hits, second.Misses, second.Errors));
        Assert.Equal(1, second.ErrorKinds["server_error"]);
        Assert.Equal(0.3, second.ClientCpu);
        Assert.Equal(run.Total.LatencyMicros.Keys, second.LatencyMicros.Keys);
        Assert.Equal(["get", "set"], second.Operations.Keys);
        Assert.Equal(91, second.Operations["get"].Requests);
        Assert.Equal(run.Total.LatencyMicros.Keys, second.Operations["set"].LatencyMicros.Keys);
    }

    [Fact]
    public void A_scenario_is_read()
    {
        RunDocument run = SampleRun.Document(SampleRun.Spike(), SampleRun.SpikeSettings);
        Assert.Equal("a <spike>", run.Scenario);
        Assert.Equal(
            [
                ("before", "inject", 0, 2, 100.0, 0, 0, 200), ("spike|", "inject", 2, 1, 280, 1, 0, 280),
                ("after", "inject", 3, 3, 100, 2, 0, 300),
            ],
            run.Simulations.Select(each => (
                each.Name, each.Kind, each.StartSeconds, each.DuringSeconds, each.RequestsPerSecond, each.Unsent, each.Errors,
                each.Total.Requests)));
        Assert.Equal(
            ["before", "before", "spike|", "after", "after", "after"], run.Seconds.Select(second => second.Simulation));
        Assert.Equal((2, 2000), (run.Connect!.Requests, run.Connect.LatencyMicros["max"]));
        Assert.Equal((0, 12, 12), (run.Operations["get"].NotStored, run.Operations["add"].NotStored, run.Total.NotStored));
        Assert.Equal((2, 1), (run.CountersChecked, run.CountersGone));
    }

    /// <summary>None of it was in the first files of this format.</summary>
    [Fact]
    public void A_file_without_a_scenario_is_read()
    {
        JsonObject json = JsonNode.Parse(SampleRun.Json(SampleRun.Spike(), SampleRun.SpikeSettings))!.AsObject();
        foreach (string name in (string[])["simulations", "connects", "connect_micros", "counters_checked", "counters_gone"])
            Assert.True(json.Remove(name));
        Assert.True(json["settings"]!.AsObject().Remove("scenario"));
        Assert.True(json["total"]!.AsObject().Remove("not_stored"));
        Assert.True(json["operations"]!["add"]!.AsObject().Remove("not_stored"));
        foreach (JsonNode? second in json["seconds"]!.AsArray()) Assert.True(second!.AsObject().Remove("simulation"));
        RunDocument run = RunDocument.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "a.json");
        Assert.Empty(run.Simulations);
        Assert.Null(run.Connect);
        Assert.Null(run.Scenario);
        Assert.Equal((0, 0, 0), (run.Total.NotStored, run.CountersChecked, run.CountersGone));
        Assert.All(run.Seconds, second => Assert.Null(second.Simulation));
        using var output = new StringWriter();
        MarkdownReport.Write(run, output);
        Assert.Contains("- verified: 648 hits\n", output.ToString());
    }

    [Fact]
    public void The_histogram_has_every_request()
    {
        HistogramFigures histogram = SampleRun.Full().Operations["get"].Histogram;
        Assert.Equal(366, histogram.Counts.Sum());
        Assert.Equal(histogram.Counts.Count, histogram.UpToMicros.Count);
        Assert.Equal(histogram.UpToMicros.Order(), histogram.UpToMicros);
        Assert.Equal(193, histogram.UpToMicros[^1]);
    }

    [Fact]
    public void Only_the_last_second_may_be_shorter_or_longer()
    {
        RunDocument run = SampleRun.Full() with { ElapsedSeconds = 3.25 };
        Assert.Equal([1, 1, 1, 0.25], run.Seconds.Select(run.LengthOf));
    }

    [Theory]
    [InlineData("", "a.json is not a result of load --json: something is wrong or missing")]
    [InlineData("hello", "a.json is not a result of load --json: something is wrong or missing")]
    [InlineData("[1]", "a.json is not a result of load --json: something is wrong or missing")]
    [InlineData("null", "a.json is not a result of load --json: it has no format")]
    [InlineData("{}", "a.json is not a result of load --json: it has no format")]
    [InlineData("{\"format\": 3}", "a.json is of format 3: what is read here is format 2, which load --json writes")]
    [InlineData("{\"format\": 2}", "a.json is not a result of load --json: something is wrong or missing")]
    public void Something_else_is_refused(string text, string sentence) => Assert.StartsWith(
        sentence,
        Assert.Throws<LoadTestException>(() => RunDocument.Read(Encoding.UTF8.GetBytes(text), "a.json")).Message);

    /// <summary>Whatever is lost of the file, there is one sentence.</summary>
    [Fact]
    public void A_file_that_was_cut_off_is_refused()
    {
        byte[] json = SampleRun.Json(SampleRun.Result(2, _ => 20));
        for (int length = 0; length < json.Length - 1; length += 1 + (json.Length / 200))
        {
            byte[] part = json[..length];
            string sentence = Assert.Throws<LoadTestException>(() => RunDocument.Read(part, "a.json")).Message;
            Assert.StartsWith("a.json is not a result of load --json", sentence);
            Assert.DoesNotContain('\n', sentence);
        }
    }

    [Theory]
    [InlineData("\"requests\": 60,", "\"requests\": \"many\",", "in $.total.requests")]
    [InlineData("\"seconds\": [", "\"seconds\": null, \"x\": [", "in $.seconds")]
    [InlineData("\"total\": {", "\"totals\": {", "")]
    public void What_is_wrong_is_named(string was, string becomes, string place)
    {
        string json = Encoding.UTF8.GetString(SampleRun.Json(SampleRun.Result(2, _ => 20)));
        Assert.Contains(was, json);
        string other = json.Replace(was, becomes, StringComparison.Ordinal);
        string sentence = Assert.Throws<LoadTestException>(
            () => RunDocument.Read(Encoding.UTF8.GetBytes(other), "a.json")).Message;
        Assert.StartsWith("a.json is not a result of load --json: something is wrong or missing", sentence);
        Assert.Contains(place, sentence);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() => Assert.StartsWith(
        "cannot read /nowhere/a.json: ",
        Assert.Throws<LoadTestException>(() => RunDocument.ReadFile("/nowhere/a.json")).Message);

    [Fact]
    public void A_file_is_read()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("a.json"), SampleRun.Json(SampleRun.Result(2, _ => 20)));
        Assert.Equal(60, RunDocument.ReadFile(directory.File("a.json")).Total.Requests);
    }
}
