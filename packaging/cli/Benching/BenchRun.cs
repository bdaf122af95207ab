using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Bench.Instructions;
using Memcachier.Bench.Report;
using Memcachier.Cli.Machines;
using Memcachier.Cli.Symbols;

namespace Memcachier.Cli.Benching;

/// <summary>Runs the parts of the bench, each guest on its own.</summary>
public sealed class BenchRun
{
    private const long InstructionsPerMicro = 1000;
    private const int TimedBootCount = 4;
    private const string StoreBytes = "memcachier_store_memory_bytes";

    private readonly Repository _repository;
    private readonly TextWriter _progress;

    public BenchRun(Repository repository, TextWriter progress)
    {
        _repository = repository;
        _progress = progress;
    }

    /// <summary>What requests cost.</summary>
    public async Task<IReadOnlyList<WorkloadCost>> MeasureRequestsAsync(
        IReadOnlyList<Workload> workloads, CancellationToken cancel)
    {
        var costs = new List<WorkloadCost>();
        foreach (IGrouping<int, Workload> group in workloads.GroupBy(each => each.ValueSize))
        {
            await _progress.WriteLineAsync($"counting instructions, values of {Workload.SizeName(group.Key)} ...");
            await using BenchGuest guest = await BenchGuest.StartAsync(
                _repository, InstructionBench.MemoryMiB(group.Key), cancel);
            costs.AddRange(await Task.Run(
                () => InstructionBench.Run(guest.Guest, [.. group], guest.NameOf, cancel), cancel));
        }
        return costs;
    }

    /// <summary>What the image takes before the first request.</summary>
    public async Task<BootCost> MeasureBootAsync(CancellationToken cancel)
    {
        await _progress.WriteLineAsync("booting ...");
        (long ready, long storeOf256) = await BootAsync(256, cancel);
        long storeOf64 = 0;
        // The least of a few: what the image needs, not how long it waited for a device.
        for (int i = 0; i < TimedBootCount; i++)
        {
            (long again, storeOf64) = await BootAsync(64, cancel);
            ready = Math.Min(ready, again);
        }
        return new BootCost
        {
            ImageBytes = new FileInfo(_repository.Image).Length,
            ReadyInstructions = ready,
            StoreBytesOf64 = storeOf64,
            StoreBytesOf256 = storeOf256,
        };
    }

    public async Task<BenchConditions> ConditionsAsync(CancellationToken cancel)
    {
        string version = await PluginBuilder.QemuVersionAsync(cancel);
        string? model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return new BenchConditions
        {
            QemuVersion = version.Replace("emulator version ", "").Split(" (")[0],
            Host = $"{model?.Split(':')[1].Trim() ?? "an unknown processor"} ({Environment.ProcessorCount} processors)",
            BuildId = ElfImage.Load(_repository.Image).BuildId ?? new string('0', 40),
        };
    }

    private async Task<(long ReadyInstructions, long StoreBytes)> BootAsync(int memoryMiB, CancellationToken cancel)
    {
        await using BenchGuest guest = await BenchGuest.StartAsync(_repository, memoryMiB, cancel);
        long storeBytes = (long)await Task.Run(() => guest.Guest.ReadCounter(StoreBytes), cancel);
        long ready = GuestConsole.ReadyMicros(guest.Console)
            ?? throw new UserErrorException("the guest does not say that it is ready");
        return (ready * InstructionsPerMicro, storeBytes);
    }
}
