using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Bench.Instructions;
using Memcachier.Bench.Report;
using Memcachier.BootTests.Guests;
using Memcachier.Cli;
using Memcachier.Cli.Benching;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// What requests and a boot cost, beside <c>loadtest/bench/baseline.json</c>. Whoever makes something dearer for a
/// reason, or cheaper, writes the next baseline, <c>./memcachier bench --write-baseline --write-docs</c>, and says why.
/// </summary>
public sealed class BenchTests
{
    private readonly BenchRun _run = new(Repository.Find(), TextWriter.Null);
    private readonly ITestOutputHelper _output;

    public BenchTests(ITestOutputHelper output) => _output = output;

    [CountingFact]
    public async Task No_request_and_no_boot_costs_3_percent_more_than_the_baseline_says()
    {
        var report = new BenchReport
        {
            Conditions = await _run.ConditionsAsync(CancellationToken.None),
            Costs = await _run.MeasureRequestsAsync(Workloads.Guarded, CancellationToken.None),
            Boot = await _run.MeasureBootAsync(CancellationToken.None),
        };
        foreach ((string name, double figure) in report.Figures) _output.WriteLine($"measured: {name}: {figure:0.###}");
        IReadOnlyList<string> complaints = Baseline.Load(Repository.Find().BenchBaseline).Judge(report.Figures);
        Assert.True(
            complaints.Count == 0,
            string.Join("; ", complaints) + ". On purpose? Then: ./memcachier bench --write-baseline --write-docs");
    }

    /// <summary>
    /// The guest's clock advances with its instructions, and its reactor counts what its rounds take: two witnesses.
    /// </summary>
    [CountingFact]
    public async Task The_guests_own_clock_counts_as_many_instructions_as_the_plug_in()
    {
        Workload[] reads = [.. Workloads.Guarded.Where(each => each.Operation != Operation.Set)];
        Assert.All(await _run.MeasureRequestsAsync(reads, CancellationToken.None), cost =>
        {
            double ratio = cost.Measured.WorkNanosPerRequest / (cost.Budget.Instructions + cost.Budget.Repetitions);
            _output.WriteLine($"measured: {cost.Workload.Name}: time of the guest's rounds / instructions {ratio:0.0000}");
            Assert.InRange(ratio, 0.99, 1.01);
        });
    }

    /// <summary>The same guest twice: other secrets, another layout of the index, and nothing else.</summary>
    [CountingFact]
    public async Task Instructions_repeat_within_1_percent()
    {
        Workload[] reads = [.. Workloads.Guarded.Where(each => each.Operation == Operation.Get)];
        IReadOnlyList<WorkloadCost> first = await _run.MeasureRequestsAsync(reads, CancellationToken.None);
        IReadOnlyList<WorkloadCost> second = await _run.MeasureRequestsAsync(reads, CancellationToken.None);
        Assert.All(first.Zip(second), pair =>
        {
            double ratio = pair.Second.Budget.Instructions / pair.First.Budget.Instructions;
            _output.WriteLine($"measured: {pair.First.Workload.Name}, twice: ratio {ratio:0.0000}");
            Assert.InRange(ratio, 0.99, 1.01);
        });
    }
}
