using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;
using Memcachier.Cli.Benching.Linux;
using Memcachier.Cli.Machines;
using Memcachier.LoadTest;

namespace Memcachier.Cli.Benching;

/// <summary>
/// The image and memcached in Linux, each in a machine of the same shape: they run at once, and only one of them has
/// something to do.
/// </summary>
public sealed class ComparisonRun
{
    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan MetricsBound = TimeSpan.FromSeconds(10);

    private readonly Repository _repository;
    private readonly LinuxGuestFiles _linux;
    private readonly TextWriter _progress;

    public ComparisonRun(Repository repository, LinuxGuestFiles linux, TextWriter progress)
    {
        _repository = repository;
        _linux = linux;
        _progress = progress;
    }

    /// <summary>Whether the machines get one processor and this program another: <see cref="ProcessorPins"/>.</summary>
    public bool IsPinned { get; init; } = true;

    /// <param name="workloads">What is asked.</param>
    /// <param name="roundCount">Runs of each guest.</param>
    /// <param name="duration">Of a run.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<PeerComparison> RunAsync(
        IReadOnlyList<Workload> workloads, int roundCount, TimeSpan duration, CancellationToken cancel)
    {
        await _progress.WriteLineAsync("booting the image and a Linux with memcached ...");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mc-");
        try
        {
            await using VirtualMachine image = await StartAsync(Options(directory, "image"), cancel);
            await using VirtualMachine peer = await StartAsync(
                Options(directory, "linux") with
                {
                    Image = _linux.Kernel, Initramfs = _linux.Initramfs, GuestOptions = ["console=ttyS0", "quiet"],
                }, cancel);
            string version = await ReadyProbe.WaitForVersionAsync(peer.Memcached!, cancel);
            await using ProcessorPins? pins =
                IsPinned ? await ProcessorPins.SetAsync([image.Process.Pid, peer.Process.Pid], cancel) : null;
            using var client = new HttpClient { Timeout = MetricsBound };
            Uri metrics = new($"{image.Api}/metrics");
            await _progress.WriteLineAsync($"comparing, {workloads.Count} loads, {roundCount} runs of each ...");
            return new PeerComparison
            {
                Peer = $"memcached {version} in Linux {_linux.KernelRelease}",
                Rows = await Task.Run(
                    () => ComparisonBench.Run(
                        AddressOf(image), AddressOf(peer), workloads, roundCount, duration,
                        () => client.GetStringAsync(metrics, cancel).GetAwaiter().GetResult(), cancel), cancel),
            };
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static ServerAddress AddressOf(VirtualMachine machine) =>
        new(machine.Memcached!.Address.ToString(), machine.Memcached.Port);

    private MachineOptions Options(DirectoryInfo directory, string name) => new()
    {
        Name = $"memcachier-bench-{name}",
        Image = _repository.Image,
        ConsoleFile = Path.Combine(directory.FullName, $"{name}.console"),
        QmpSocket = Path.Combine(directory.FullName, $"{name}.qmp"),
        Network = new NetworkBackend.User(LoopbackPort.Claim(0, "--port"), LoopbackPort.Claim(0, "--api-port")),
        Accelerator = Accelerator.Tcg,
    };

    private static async Task<VirtualMachine> StartAsync(MachineOptions options, CancellationToken cancel)
    {
        VirtualMachine machine = await VirtualMachine.StartAsync(options, cancel);
        string? problem = await machine.WaitUntilReadyAsync(ReadyBound, cancel);
        if (problem == null) return machine;
        string last = machine.ConsoleText.Split('\n', StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line != "") ?? "";
        await machine.DisposeAsync();
        throw new UserErrorException($"{options.Name}: {problem}; its console ends with '{last}'");
    }
}
