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
            "run", "--detach", "--port", "0", "--api-port", "0", "--accel", accelerator == Accelerator.Kvm ? "kvm" : "tcg",
            "--machine", machine == MachineType.Q35 ? "q35" : "microvm", "--memory", "64M",
        ];
        (int exitCode, string output) = await LaunchAsync(run);
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"(?m)^ready: memcached 127\.0\.0\.1:\d+, api http://127\.0\.0\.1:\d+$", output);
        string name = output.TrimEnd().Split('\n')[^1];
        Assert.Matches(@"^memcachier-\d+$", name);
        Assert.Contains($"\n{name} ", (await LaunchAsync("ps")).Output);
        Task<(int ExitCode, string Output)> console = LaunchAsync("console");
        Assert.Equal((0, $"{name} is off\n"), await LaunchAsync("stop", name));
        Assert.Matches(@"\n\[\s*\d+ us\] ready\b", (await console).Output);
        Assert.Equal((1, "memcachier: no instance is running\n"), await LaunchAsync("stop"));
    }

    [Theory, OnTcg]
    public async Task Ctrl_C_powers_a_foreground_instance_off(Accelerator accelerator, MachineType machine)
    {
        Assert.Equal(Accelerator.Tcg, accelerator);
        // As on a terminal, everything in the process group gets the signal: QEMU, too.
        using Process run = Start(
            "setsid", Launcher, "run", "--port", "0", "--api-port", "0", "--accel", "tcg", "--machine", machine == MachineType.Q35 ? "q35" : "microvm");
        string printed = "";
        while (!printed.Contains("] ready", StringComparison.Ordinal))
            printed += await run.StandardOutput.ReadLineAsync() + "\n";
        using Process interrupt = Process.Start("kill", ["-INT", "--", $"-{run.Id}"]);
        using var limit = new CancellationTokenSource(Bound);
        await run.WaitForExitAsync(limit.Token);
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("powered off\n", await run.StandardOutput.ReadToEndAsync(limit.Token));
        Assert.DoesNotContain("memcachier-", (await LaunchAsync("ps")).Output);
    }

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
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_RUNTIME_DIR"] = _runtime.FullName;
        return Process.Start(start)!;
    }
}
