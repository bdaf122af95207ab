using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Instances;

namespace Memcachier.Cli.Machines;

/// <summary>
/// One QEMU process. Either our child, whose end we see and whose life ends with ours at the latest, or, when
/// <see cref="MachineOptions.PidFile"/> is set, a daemon that outlives us.
/// </summary>
public sealed class VirtualMachine : IAsyncDisposable
{
    private static readonly TimeSpan ConsolePoll = TimeSpan.FromMilliseconds(50);

    private readonly Process? _child;
    private readonly Task<string> _childErrors;
    private bool _disposed;

    private VirtualMachine(MachineOptions options, int pid, Process? child, Task<string> childErrors)
    {
        Options = options;
        Process = new LinuxProcess(pid, options.QmpSocket);
        _child = child;
        _childErrors = childErrors;
    }

    public MachineOptions Options { get; }

    public LinuxProcess Process { get; }

    public bool HasEnded => _disposed || (_child?.HasExited ?? !Process.IsRunning);

    /// <summary>What the guest has printed so far.</summary>
    public string ConsoleText => File.Exists(Options.ConsoleFile) ? File.ReadAllText(Options.ConsoleFile) : "";

    public static async Task<VirtualMachine> StartAsync(
        MachineOptions options, CancellationToken cancel, string program = QemuCommandLine.Program)
    {
        File.Delete(options.ConsoleFile);
        var start = new ProcessStartInfo(program, QemuCommandLine.Arguments(options))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process child = StartProcess(start, program);
        child.StandardInput.Close();
        _ = child.StandardOutput.ReadToEndAsync(cancel);
        Task<string> errors = child.StandardError.ReadToEndAsync(CancellationToken.None);
        if (options.PidFile == null)
            return new VirtualMachine(options, child.Id, child, errors);
        using (child)
        {
            await child.WaitForExitAsync(cancel);
            if (child.ExitCode != 0)
                throw new EarlyEndException(RefusalSentence(await errors));
            return new VirtualMachine(options, ReadPid(options), null, Task.FromResult(""));
        }
    }

    /// <summary>Where memcached is to be reached; null until the console of a guest on a tap has told.</summary>
    public IPEndPoint? Memcached => Options.Network switch
    {
        NetworkBackend.User user => new IPEndPoint(IPAddress.Loopback, user.MemcachedPort),
        _ => GuestConsole.Address(ConsoleText) is { } address
            ? new IPEndPoint(address, GuestPorts.Of(Options.GuestOptions).Tcp)
            : null,
    };

    /// <summary>Where the management API is to be reached, as an URL.</summary>
    public string? Api => Options.Network switch
    {
        NetworkBackend.User user => $"http://127.0.0.1:{user.ApiPort}",
        _ => GuestConsole.Address(ConsoleText) is { } address ? $"http://{address}:{QemuCommandLine.ApiPort}" : null,
    };

    /// <summary>Null once a real request was answered, else why there will be no answer.</summary>
    public async Task<string?> WaitUntilReadyAsync(TimeSpan bound, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(bound);
        Task answered = AnsweredAsync(limit.Token);
        Task ended = EndedAsync(limit.Token);
        Task first = await Task.WhenAny(answered, ended);
        bool ready = first == answered && answered.IsCompletedSuccessfully;
        await limit.CancelAsync();
        await Task.WhenAll(answered, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (ready)
            return null;
        return first == ended && ended.IsCompletedSuccessfully
            ? await DescribeEndAsync()
            : $"no answer within {bound.TotalSeconds:0} s";
    }

    /// <summary>Waits for the end and says which it was.</summary>
    public async Task<MachineExit> WaitForEndAsync(CancellationToken cancel)
    {
        if (_child == null)
        {
            await EndedAsync(cancel);
            return MachineExit.Unknown;
        }
        await _child.WaitForExitAsync(cancel);
        return ExitOf(_child.ExitCode);
    }

    /// <summary>What QEMU's exit code says of the guest's end.</summary>
    public static MachineExit ExitOf(int exitCode) => exitCode switch
    {
        // isa-debug-exit turns v into the exit code (v << 1) | 1.
        (0x10 << 1) | 1 => MachineExit.PoweredOff,
        (0x11 << 1) | 1 => MachineExit.Crashed,
        (0x12 << 1) | 1 => MachineExit.GaveUp,
        0 => MachineExit.Quit,
        _ => MachineExit.Failed,
    };

    /// <summary>One clause about a machine that has ended.</summary>
    public async Task<string> DescribeEndAsync()
    {
        MachineExit exit = await WaitForEndAsync(CancellationToken.None);
        return exit switch
        {
            MachineExit.PoweredOff => "the guest powered off",
            MachineExit.Crashed => "the guest crashed",
            MachineExit.GaveUp => DescribeConsole(Options.ConsoleFile),
            MachineExit.Quit => "the guest reset the machine, or QEMU was told to quit",
            MachineExit.Failed => RefusalSentence(await _childErrors),
            MachineExit.Unknown => DescribeConsole(Options.ConsoleFile),
            _ => throw new ArgumentOutOfRangeException(nameof(exit)),
        };
    }

    public async Task PowerOffAsync(CancellationToken cancel)
    {
        await PowerSwitch.OffAsync(Process, Options.QmpSocket, cancel);
        // A child that has ended still has to be waited for before its exit shows.
        if (_child != null && !_disposed)
            await _child.WaitForExitAsync(cancel);
    }

    /// <summary>Our child does not outlive this object; a daemon does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_child == null || _disposed)
            return;
        if (!HasEnded)
            await PowerOffAsync(CancellationToken.None);
        _disposed = true;
        _child.Dispose();
    }

    private async Task AnsweredAsync(CancellationToken cancel)
    {
        while (Memcached == null)
            await Task.Delay(ConsolePoll, cancel);
        _ = await ReadyProbe.WaitForVersionAsync(Memcached, cancel);
    }

    private async Task EndedAsync(CancellationToken cancel)
    {
        while (!HasEnded)
            await Task.Delay(ConsolePoll, cancel);
    }

    /// <summary>QEMU takes its pid file away when it ends.</summary>
    private static int ReadPid(MachineOptions options)
    {
        try
        {
            return int.Parse(File.ReadAllText(options.PidFile!), CultureInfo.InvariantCulture);
        }
        catch (FileNotFoundException gone)
        {
            throw new EarlyEndException(DescribeConsole(options.ConsoleFile), gone);
        }
    }

    /// <summary>What is known of an end nobody watched.</summary>
    private static string DescribeConsole(string consoleFile)
    {
        string text = File.Exists(consoleFile) ? File.ReadAllText(consoleFile) : "";
        if (GuestConsole.HasCrashReport(text))
            return "the guest crashed";
        return GuestConsole.Error(text) is { } error ? $"the guest gave up: {error}" : "the guest ended";
    }

    private static Process StartProcess(ProcessStartInfo start, string program)
    {
        try
        {
            return System.Diagnostics.Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new UserErrorException($"{program} is not installed: apt-get install qemu-system-x86", problem);
        }
    }

    /// <summary>QEMU's own first line, without the name it begins with.</summary>
    private static string RefusalSentence(string errors)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string line = errors.Split('\n', Trimmed) is [var first, ..] ? first : "no reason given";
        int prefix = line.IndexOf(": ", StringComparison.Ordinal);
        bool named = prefix > 0 && line.AsSpan(0, prefix).Contains("qemu", StringComparison.Ordinal);
        return $"QEMU gave up: {(named ? line[(prefix + 2)..] : line)}";
    }
}
