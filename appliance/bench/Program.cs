using System.IO;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Memcachier.Appliance.Bench;

internal static class Program
{
    /// <summary>Runs every benchmark, or those that BenchmarkDotNet's own options name.</summary>
    private static void Main(string[] arguments)
    {
        // In this process: the projects that BenchmarkDotNet writes otherwise do not build where the output of all
        // projects goes to one directory.
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
        IConfig config = DefaultConfig.Instance
            .AddJob(job)
            .WithArtifactsPath(Path.Combine("out", "benchmarks"));
        _ = BenchmarkSwitcher.FromTypes([typeof(StoreReads), typeof(StoreWrites)])
            .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
    }
}
