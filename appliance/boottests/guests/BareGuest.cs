using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Load;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// The image in a QEMU whose arguments are the test's: arranged like another hypervisor, or without what a machine usually
/// has. Gone with this object; what it printed becomes part of the test's output.
/// </summary>
internal sealed class BareGuest : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory;
    private readonly Process _process;
    private readonly ITestOutputHelper _output;

    private BareGuest(DirectoryInfo directory, Process process, int port, ITestOutputHelper output)
    {
        _directory = directory;
        _process = process;
        _output = output;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>Where memcached is, if the arguments have a card on <c>netdev=net</c>.</summary>
    public IPEndPoint EndPoint { get; }

    public string Console => File.Exists(ConsoleFile) ? File.ReadAllText(ConsoleFile) : "";

    public bool HasEnded => _process.HasExited;

    /// <summary>For QEMU's monitor, if the arguments ask for one.</summary>
    public string QmpSocket => Path.Combine(_directory.FullName, "qmp");

    private string ConsoleFile => Path.Combine(_directory.FullName, "console");

    /// <summary>Starts a machine of 128 MiB under TCG, with a console and a user network; waits for nothing.</summary>
    /// <param name="output">The test's.</param>
    /// <param name="arguments">The machine, its devices, and what it boots; the directory is the guest's own.</param>
    /// <param name="hasExit">Whether the guest can end QEMU by isa-debug-exit, which no other hypervisor has.</param>
    public static BareGuest Start(
        ITestOutputHelper output, Func<DirectoryInfo, IEnumerable<string>> arguments, bool hasExit = true)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mc-bare-");
        int port = LoopbackPort.Claim(0, "port");
        string[] all =
        [
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
            "-accel", "tcg", "-cpu", "max", "-smp", "1,maxcpus=2", "-m", "128M",
            "-chardev", $"file,id=console,path={Path.Combine(directory.FullName, "console")}",
            "-qmp", $"unix:{Path.Combine(directory.FullName, "qmp")},server=on,wait=off",
            "-netdev", $"user,id=net,hostfwd=tcp:127.0.0.1:{port}-:11211",
            .. hasExit ? (string[])["-device", "isa-debug-exit,iobase=0xf4,iosize=4"] : [],
            .. arguments(directory),
        ];
        Process process = Process.Start(new ProcessStartInfo(QemuCommandLine.Program, all))!;
        return new BareGuest(directory, process, port, output);
    }

    /// <summary>The same, booting the image as a kernel.</summary>
    public static BareGuest StartImage(ITestOutputHelper output, string commandLine, params string[] arguments) =>
        Start(output, _ => ["-kernel", Repository.Find().Image, "-append", commandLine, .. arguments]);

    public async Task WaitForConsoleAsync(Func<string, bool> isThere)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!isThere(Console))
        {
            Assert.False(HasEnded, $"the guest ended: {Console}");
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Waits for what comes first: the machine's end, or the line that says it is ready.</summary>
    public async Task EndsOrIsReadyAsync()
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!HasEnded && GuestConsole.ReadyMicros(Console) == null)
            await Task.Delay(20, limit.Token);
    }

    /// <summary>Waits until it answers, and stores something.</summary>
    public async Task ServesAsync()
    {
        using (var limit = new CancellationTokenSource(Bound))
            _ = await ReadyProbe.WaitForVersionAsync(EndPoint, limit.Token);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(EndPoint, Bound);
        Assert.Equal("STORED", await connection.SetAsync("k", [1, 2, 3]));
        // Long enough to be halted in between: the device's interrupt has to end that.
        await Task.Delay(50);
        Assert.Equal([1, 2, 3], await connection.GetAsync("k"));
    }

    public async Task<MachineExit> WaitForEndAsync()
    {
        using var limit = new CancellationTokenSource(Bound);
        await _process.WaitForExitAsync(limit.Token);
        return VirtualMachine.ExitOf(_process.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _output.WriteLine(Console);
        _process.Dispose();
        _directory.Delete(recursive: true);
    }
}
