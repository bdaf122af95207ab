using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// The image in a virtual machine, on ports of its own; gone with this object. What it prints while it boots becomes
/// part of the test's output.
/// </summary>
internal sealed class Guest : IAsyncDisposable
{
    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(60);

    private const int ConfiguredMiB = 64;

    private readonly VirtualMachine _machine;
    private readonly DirectoryInfo _directory;

    private Guest(VirtualMachine machine, DirectoryInfo directory)
    {
        _machine = machine;
        _directory = directory;
    }

    public IPEndPoint EndPoint => _machine.Memcached!;

    /// <summary>Where the management API is.</summary>
    public Uri Api => new(_machine.Api!);

    public string Console => _machine.ConsoleText;

    public bool HasEnded => _machine.HasEnded;

    public string QmpSocket => _machine.Options.QmpSocket;

    /// <summary>
    /// TCG on a shared processor is slow at times: what waits for a guest waits this much longer there.
    /// </summary>
    public static int Patience(Accelerator accelerator) => accelerator == Accelerator.Tcg ? 10 : 2;

    /// <summary>Boots with user networking, and fails unless it answers.</summary>
    public static async Task<Guest> BootAsync(
        Accelerator accelerator, MachineType machine, ITestOutputHelper output, int memoryMiB = 256,
        params string[] guestOptions)
    {
        return await WhenReadyAsync(
            await StartAsync(accelerator, machine, memoryMiB, UserNetwork, guestOptions), output);
    }

    /// <summary>Boots with what configures it: a file for fw_cfg, and images of disks.</summary>
    public static async Task<Guest> BootConfiguredAsync(
        Accelerator accelerator, MachineType machine, ITestOutputHelper output, string? userDataFile,
        IReadOnlyList<string> disks, params string[] guestOptions)
    {
        Guest guest = await StartAsync(
            accelerator, machine, ConfiguredMiB, UserNetwork, guestOptions,
            options => options with { UserDataFile = userDataFile, Disks = disks });
        return await WhenReadyAsync(guest, output);
    }

    private static NetworkBackend.User UserNetwork(DirectoryInfo directory) =>
        new(LoopbackPort.Claim(0, "port"), LoopbackPort.Claim(0, "port"));

    private static async Task<Guest> WhenReadyAsync(Guest guest, ITestOutputHelper output)
    {
        string? problem = await guest._machine.WaitUntilReadyAsync(ReadyBound, CancellationToken.None);
        output.WriteLine(guest.Console);
        if (problem != null)
        {
            await guest.DisposeAsync();
            Assert.Fail($"the guest did not get ready: {problem}");
        }
        return guest;
    }

    /// <summary>Starts the machine on any network, and waits for nothing.</summary>
    public static Task<Guest> StartAsync(
        Accelerator accelerator, MachineType machine, int memoryMiB, Func<DirectoryInfo, NetworkBackend> network,
        params string[] guestOptions) =>
        StartAsync(accelerator, machine, memoryMiB, network, guestOptions, options => options);

    private static async Task<Guest> StartAsync(
        Accelerator accelerator, MachineType machine, int memoryMiB, Func<DirectoryInfo, NetworkBackend> network,
        string[] guestOptions, Func<MachineOptions, MachineOptions> with)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mc-");
        var options = new MachineOptions
        {
            Name = "memcachier-test",
            Image = Repository.Find().Image,
            ConsoleFile = Path.Combine(directory.FullName, "console"),
            QmpSocket = Path.Combine(directory.FullName, "qmp"),
            Network = network(directory),
            Memory = new MemorySize(memoryMiB),
            Machine = machine,
            Accelerator = accelerator,
            GuestOptions = guestOptions,
        };
        VirtualMachine started = await VirtualMachine.StartAsync(with(options), CancellationToken.None);
        return new Guest(started, directory);
    }

    /// <summary>Waits for a line of the console that <paramref name="isThere"/> recognises.</summary>
    public async Task WaitForConsoleAsync(Func<string, bool> isThere)
    {
        using var limit = new CancellationTokenSource(ReadyBound);
        while (!isThere(Console))
        {
            Assert.False(HasEnded, "the guest ended");
            await Task.Delay(10, limit.Token);
        }
    }

    public async Task<MachineExit> WaitForEndAsync(TimeSpan bound)
    {
        using var limit = new CancellationTokenSource(bound);
        return await _machine.WaitForEndAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
