using System.Collections.Generic;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// What the cache's clients notice when somebody scrapes metrics each second and reads a capture, while they keep the
/// machine busy all the time. It is in docs/performance.md.
/// </summary>
public sealed class ManagementCostTests
{
    private const double RateLossMax = 0.02;
    private const double P99RiseMax = 0.05;

    /// <summary>By how much two measurements of the same may differ.</summary>
    private const double Noise = 0.001;

    /// <summary>The same of p99, which steps from one kind of round to the next.</summary>
    private const double P99Noise = 0.005;

    private static readonly string[] s_loads = ["4 x 1", "16 x 1", "50 x 1", "16 x 8"];

    private readonly ITestOutputHelper _output;

    public ManagementCostTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task Scrapes_and_a_capture_cost_the_caches_clients_next_to_nothing()
    {
        Dictionary<string, double> figures = await BenchImage.MeasureAsync(_output, "memcachier-bench-management");
        Assert.All(s_loads, load => ExpectLittle(figures, load));
    }

    private void ExpectLittle(Dictionary<string, double> figures, string load)
    {
        double Rise(string company, string figure) => (figures[$"{load} {company}, {figure}"] / figures[$"{load} alone, {figure}"]) - 1;
        double time = Rise("in company", "time of a request");
        double p99 = Rise("in company", "p99");
        _output.WriteLine($"measured: {load}: time of a request {time:+0.00%;-0.00%}, p99 {p99:+0.0%;-0.0%} with scrapes and a capture");
        Assert.InRange(Rise("alone again", "time of a request"), -Noise, Noise);
        Assert.InRange(Rise("alone again", "p99"), -P99Noise, P99Noise);
        // The machine is busy with something else for a while, so this many requests fewer are executed.
        Assert.InRange(time, 0, (1 / (1 - RateLossMax)) - 1);
        Assert.InRange(p99, 0, P99RiseMax);
    }
}
