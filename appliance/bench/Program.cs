using System.IO;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Memcachier.Appliance.Bench;

internal static class Program
{
    private const int IterationMillis = 100;
    private const int IterationCount = 30;

    /// <summary>Runs every benchmark, or those that BenchmarkDotNet's own options name.</summary>
    private static void Main(string[] arguments)
    {
        // In this process: the projects that BenchmarkDotNet writes otherwise do not build where the output of all
        // projects goes to one directory. Short iterations: on a machine that others use, too, some are left alone.
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(IterationMillis))
            .WithIterationCount(IterationCount);
        IConfig config = DefaultConfig.Instance
            .AddJob(job)
            .WithOptions(ConfigOptions.JoinSummary)
            .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
            .WithArtifactsPath(Path.Combine("out", "benchmarks"));
        _ = BenchmarkSwitcher.FromTypes([typeof(StoreReads), typeof(StoreWrites)])
            .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
    }
}
