using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.BootTests;

/// <summary>The commands as a user types them, from the launcher to the guest and back.</summary>
public sealed class LauncherTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static readonly string Launcher = Path.Combine(Repository.Find().Root, "memcachier");

    private readonly DirectoryInfo _runtime = Directory.CreateTempSubdirectory("mc-");

    public void Dispose() => _runtime.Delete(recursive: true);

    [Theory, OnTcg, OnKvm]
    public async Task A_detached_instance_runs_until_it_is_stopped(Accelerator accelerator, MachineType machine)
    {
        string[] run =
        [
            "run", "--detach", "--port", "0", "--api-port", "0", "--memory", "64M",
            "--accel", accelerator == Accelerator.Kvm ? "kvm" : "tcg", "--machine", Name(machine),
        ];
        (int exitCode, string output) = await LaunchAsync(run);
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"(?m)^ready: memcached 127\.0\.0\.1:\d+, api http://127\.0\.0\.1:\d+$", output);
        string name = output.TrimEnd().Split('\n')[^1];
        Assert.Matches(@"^memcachier-\d+$", name);
        Assert.Contains($"\n{name} ", (await LaunchAsync("ps")).Output);
        using Process console = Start(Launcher, "console");
        await ReadUntilReadyAsync(console);
        Assert.Equal((0, $"{name} is off\n"), await LaunchAsync("stop", name));
        using var limit = new CancellationTokenSource(Bound);
        await console.WaitForExitAsync(limit.Token);
        Assert.Equal(0, console.ExitCode);
        Assert.Equal((1, "memcachier: no instance is running\n"), await LaunchAsync("stop"));
    }

    [Theory, OnTcg]
    public async Task Ctrl_C_powers_a_foreground_instance_off(Accelerator accelerator, MachineType machine)
    {
        Assert.Equal(Accelerator.Tcg, accelerator);
        // As on a terminal, everything in the process group gets the signal: QEMU, too. Whoever started the tests in
        // the background made them ignore it, which children inherit.
        using Process run = Start(
            "env", "--default-signal=INT", "setsid", Launcher, "run", "--port", "0", "--api-port", "0", "--accel", "tcg", "--machine", Name(machine));
        await ReadUntilReadyAsync(run);
        using Process interrupt = Process.Start("kill", ["-INT", "--", $"-{run.Id}"]);
        using var limit = new CancellationTokenSource(Bound);
        await run.WaitForExitAsync(limit.Token);
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("powered off\n", await run.StandardOutput.ReadToEndAsync(limit.Token));
        Assert.DoesNotContain("memcachier-", (await LaunchAsync("ps")).Output);
    }

    /// <summary>Reads what a process prints of the guest's console, up to its ready line.</summary>
    private static async Task ReadUntilReadyAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Bound);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.NotNull(line);
        }
        while (GuestConsole.ReadyMicros(line) == null);
    }

    private static string Name(MachineType machine) => machine == MachineType.Q35 ? "q35" : "microvm";

    private async Task<(int ExitCode, string Output)> LaunchAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Bound);
        using Process process = Start(Launcher, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>With records of instances of its own, apart from those of whoever runs the tests.</summary>
    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_RUNTIME_DIR"] = _runtime.FullName;
        return Process.Start(start)!;
    }
}
