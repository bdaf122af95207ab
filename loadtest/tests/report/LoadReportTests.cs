using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report;

public sealed class LoadReportTests
{
    private static readonly LoadSettings Settings = new()
    {
        Server = new ServerAddress("127.0.0.1", 11211),
        Mix = OperationMix.Parse("get=9,multiget:10=1"),
        Rate = 1000,
        IsVerifying = true,
    };

    [Fact]
    public void The_table_is_this_one()
    {
        using var output = new StringWriter { NewLine = "\n" };
        LoadReport.Print(Result(), Settings, output);
        Assert.Equal(
            """

            operation        requests  requests/s   misses      p50      p90      p95      p99    p99.9   p99.99      max
            get                  1000         500   25.00%  0.50 µs  0.90 µs  0.95 µs  0.99 µs  1.00 µs  1.00 µs  1.00 µs
            multiget:10             1           0    0.00%  2.50 ms  2.50 ms  2.50 ms  2.50 ms  2.50 ms  2.50 ms  2.50 ms
            all                  1001         500   24.75%  0.50 µs  0.90 µs  0.95 µs  0.99 µs  1.00 µs  2.50 ms  2.50 ms

            elapsed     2.002 s
            requests/s  500 of 1000 asked for
            values      1.0 MB/s read, 0.0 MB/s written
            client CPU  42%, 95%
            verified    760 hits
            errors      3
                        2 x wrong value, first: byte 7 is bad
                        1 x no answer, first: no answer for 5 s
            warning: the client is the bottleneck: 1 of 2 threads used up to 95% of a processor; use more --threads or a lower --rate
            warning: the client is behind its schedule: 0.1 % of the requests were sent 4.0 ms or more later than they could have been; the latencies contain that
            warning: the rate was not reached: 5 requests were due and not sent, since all connections were busy; use more --connections or --depth, or a lower --rate

            """.Replace("\r\n", "\n", StringComparison.Ordinal),
            output.ToString());
    }

    [Fact]
    public void Several_simulations_have_a_row_each()
    {
        using var output = new StringWriter { NewLine = "\n" };
        LoadReport.Print(WithSimulations(), Settings, output);
        Assert.Contains(
            """

            simulation           requests  requests/s   misses      p50      p90      p95      p99    p99.9   p99.99      max
            inject 1000/s            1001         501   24.75%  0.50 µs  0.90 µs  0.95 µs  0.99 µs  1.00 µs  2.50 ms  2.50 ms
            keep_constant 123           0           0        -  0.00 µs  0.00 µs  0.00 µs  0.00 µs  0.00 µs  0.00 µs  0.00 µs

            elapsed     2.002 s

            """.Replace("\r\n", "\n", StringComparison.Ordinal),
            output.ToString());
    }

    [Fact]
    public void Programs_are_told_of_simulations_too()
    {
        using var stream = new MemoryStream();
        LoadJson.Write(WithSimulations(), Settings, stream);
        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        JsonElement first = json.GetProperty("simulations")[0];
        Assert.Equal("inject 1000/s", first.GetProperty("name").GetString());
        Assert.Equal("inject", first.GetProperty("kind").GetString());
        Assert.Equal(2, first.GetProperty("during_seconds").GetDouble());
        Assert.Equal(500.5, first.GetProperty("requests_per_second").GetDouble());
        Assert.Equal(5, first.GetProperty("unsent").GetInt64());
        Assert.Equal(3, first.GetProperty("errors").GetInt64());
        Assert.Equal(0.991, first.GetProperty("total").GetProperty("latency_micros").GetProperty("p99").GetDouble());
        Assert.Equal(2, json.GetProperty("simulations")[1].GetProperty("start_seconds").GetDouble());
        using var output = new StringWriter();
        LoadCsv.Write(WithSimulations(), output);
        Assert.EndsWith(",2500,2500,\"\"\"a\"\", b\"\n", output.ToString());
    }

    [Fact]
    public void A_good_run_has_no_warning()
    {
        LoadResult result = Result() with { ClientCpu = [0.42, 0.9], Unsent = 0, Total = new Measurement(2) };
        result.Total.Lag.Record(900_000);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Only_hits_with_a_value_are_verified()
    {
        LoadResult result = Result();
        using var output = new StringWriter { NewLine = "\n" };
        LoadReport.Print(result, Settings with { Mix = OperationMix.Parse("gat,delete") }, output);
        Assert.Contains("\nverified    750 hits\n", output.ToString());
    }

    [Fact]
    public void Json_has_it_all()
    {
        using var stream = new MemoryStream();
        LoadJson.Write(Result(), Settings, stream);
        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal("get=9,multiget:10=1", json.GetProperty("settings").GetProperty("mix").GetString());
        Assert.Equal("fixed:100", json.GetProperty("settings").GetProperty("value_size").GetString());
        Assert.Equal(1001, json.GetProperty("total").GetProperty("requests").GetInt64());
        Assert.Equal(250, json.GetProperty("operations").GetProperty("get").GetProperty("misses").GetInt64());
        JsonElement latency = json.GetProperty("operations").GetProperty("multiget:10").GetProperty("latency_micros");
        Assert.Equal(
            ["mean", "p50", "p90", "p95", "p99", "p99.9", "p99.99", "max"],
            latency.EnumerateObject().Select(property => property.Name));
        Assert.Equal(2500, latency.GetProperty("p99").GetDouble());
        Assert.Equal(3, json.GetProperty("errors").GetProperty("total").GetInt32());
        Assert.Equal(2, json.GetProperty("errors").GetProperty("wrong_value").GetProperty("count").GetInt32());
        Assert.Equal(
            "byte 7 is bad", json.GetProperty("errors").GetProperty("wrong_value").GetProperty("first").GetString());
        Assert.Equal(3, json.GetProperty("client").GetProperty("warnings").GetArrayLength());
        Assert.Equal(5, json.GetProperty("unsent").GetInt64());
        Assert.Equal(1001, json.GetProperty("seconds")[0].GetProperty("requests").GetInt64());
    }

    [Fact]
    public void Csv_has_a_row_for_each_second()
    {
        using var output = new StringWriter();
        LoadCsv.Write(Result(), output);
        Assert.Equal(
            "second,requests,hits,misses,errors,bytes_read,bytes_written," +
            "p50_micros,p90_micros,p95_micros,p99_micros,p99.9_micros,p99.99_micros,max_micros,simulation\n" +
            "1,1001,760,250,3,2000000,0,0.501,0.901,0.951,0.991,1.001,2500,2500,\n",
            output.ToString());
    }

    [Theory]
    [InlineData("p99>2ms", null)]
    [InlineData("p99.99>2ms", "p99.99 is 2.50 ms, which --fail-if 'p99.99>2ms' forbids")]
    [InlineData("max > 2500us", null)]
    [InlineData("get.max>999us", null)]
    [InlineData("multiget:10.p50>2.4ms", "multiget:10.p50 is 2.50 ms, which --fail-if 'multiget:10.p50>2.4ms' forbids")]
    [InlineData("mean>1us", "mean is 3.00 µs, which --fail-if 'mean>1us' forbids")]
    [InlineData("rate<499", null)]
    [InlineData("rate<501", "rate is 500/s, which --fail-if 'rate<501' forbids")]
    [InlineData("errors>0", "errors is 3, which --fail-if 'errors>0' forbids")]
    [InlineData("errors>3", null)]
    [InlineData("get.misses>24.9%", "get.misses is 25%, which --fail-if 'get.misses>24.9%' forbids")]
    [InlineData("multiget:10.misses>0%", null)]
    public void Thresholds_judge(string text, string? sentence) =>
        Assert.Equal(sentence, Threshold.Parse(text, Settings).Judge(Result(), Settings));

    [Theory]
    [InlineData("before.p99>1ms", null)]
    [InlineData("after < 5.rate<101", "after < 5.rate is 100/s, which --fail-if 'after < 5.rate<101' forbids")]
    [InlineData("after < 5.get.max>1us", "after < 5.get.max is 190 µs, which --fail-if 'after < 5.get.max>1us' forbids")]
    [InlineData("spike.errors>0", null)]
    [InlineData("spike.add.p50>1ms", null)]
    [InlineData("errors>0", null)]
    public void Thresholds_of_a_load_simulation_judge_it_alone(string text, string? sentence)
    {
        LoadResult run = SampleRun.Spike(1, "before", "spike", "after < 5");
        LoadSettings settings = SampleRun.SpikeSettings with
        {
            Simulations = [.. run.Simulations.Select(each => each.Simulation)],
        };
        Assert.Equal(sentence, Threshold.Parse(text, settings).Judge(run, settings));
    }

    [Theory]
    [InlineData("")]
    [InlineData("after.p99>5ms")]
    [InlineData("p99")]
    [InlineData("p99=2ms")]
    [InlineData("p99>2")]
    [InlineData("p0>2ms")]
    [InlineData("p101>2ms")]
    [InlineData("median>2ms")]
    [InlineData("set.p99>2ms")]
    [InlineData("get.errors>0")]
    [InlineData("misses>5")]
    [InlineData("rate<fast")]
    public void Thresholds_refuse(string text) => Assert.StartsWith(
        $"'{text}' is not a threshold: write FIGURE>LIMIT",
        Assert.Throws<LoadTestException>(() => Threshold.Parse(text, Settings)).Message);

    [Theory]
    [InlineData(0, "0.00 µs")]
    [InlineData(1234, "1.23 µs")]
    [InlineData(999_000, "999 µs")]
    [InlineData(1_000_000, "1.00 ms")]
    [InlineData(56_789_000, "56.8 ms")]
    [InlineData(2_000_000_000, "2.00 s")]
    public void Latencies_are(double nanos, string text) => Assert.Equal(text, LatencyText.Of(nanos));

    private static LoadResult WithSimulations()
    {
        LoadResult result = Result();
        var inject = new LoadSimulation
        {
            Kind = SimulationKind.Inject, Rate = 1000, During = TimeSpan.FromSeconds(2),
        };
        LoadSimulation keep = inject with { Kind = SimulationKind.KeepConstant, Copies = 123 };
        return result with
        {
            Seconds = [result.Seconds[0] with { Simulation = "\"a\", b" }],
            Simulations =
            [
                new SimulationResult(inject, TimeSpan.Zero, inject.During, result.Total, 5),
                new SimulationResult(keep, inject.During, TimeSpan.FromSeconds(1), new Measurement(2), 0),
            ],
        };
    }

    /// <summary>
    /// A thousand gets of 1 to 1000 ns, a multiget of 2.5 ms, and everything that calls for a warning.
    /// </summary>
    private static LoadResult Result()
    {
        var total = new Measurement(2);
        for (int i = 1; i <= 1000; i++) total.Operations[0].Latency.Record(i);
        total.Operations[0].Hits = 750;
        total.Operations[0].Misses = 250;
        total.Operations[0].BytesRead = 2_000_000;
        total.Operations[1].Latency.Record(2_500_000);
        total.Operations[1].Hits = 10;
        total.Errors.Count(ErrorKind.WrongValue, "byte 7 is bad");
        total.Errors.Count(ErrorKind.WrongValue, "byte 8 is bad");
        total.Errors.Count(ErrorKind.NoAnswer, "no answer for 5 s");
        total.Lag.Record(4_000_000);
        return new LoadResult
        {
            Total = total,
            Seconds = [new SecondSample(0, OperationSecond.Of(total.Sum()), total.Errors.Total)],
            Elapsed = TimeSpan.FromMilliseconds(2002),
            Unsent = 5,
            ClientCpu = [0.42, 0.95],
            ClientAllocatedBytes = 0,
            PreloadErrors = new ErrorCounts(),
        };
    }
}
