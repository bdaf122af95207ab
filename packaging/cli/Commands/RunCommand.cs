using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;

namespace Memcachier.Cli.Commands;

/// <summary><c>run</c>: builds the image, boots it, and says when it answers.</summary>
public sealed class RunCommand
{
    public const string Name = "run";

    private static readonly TimeSpan InterruptGrace = TimeSpan.FromMilliseconds(500);

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    private RunCommand(TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
    }

    public static Command Create(TextWriter output, TextWriter error, IReadOnlyList<string> guestOptions)
    {
        Option<string> memory = Text("--memory", "256M", "SIZE", "the guest's memory");
        Option<string> cpus = Text("--cpus", "1", "N", "the guest's processors");
        Option<string> machine = Text("--machine", "q35", "q35|microvm", "the machine QEMU emulates");
        Option<string> accel = Text(
            "--accel", "auto", "auto|kvm|tcg", "what runs the guest; auto is KVM where the image really boots on it");
        Option<string> port = Text("--port", "11211", "PORT", "memcached's port on 127.0.0.1; 0 is any free one");
        Option<string> apiPort = Text(
            "--api-port", "8080", "PORT", "the management port on 127.0.0.1; 0 is any free one");
        Option<string> net = Text(
            "--net", "user", "user|tap:IF", "user networking with those ports forwarded, or an existing tap interface");
        Option<string?> userData = new("--user-data")
        {
            HelpName = "FILE",
            Description = "settings for the guest, in YAML or JSON (docs/settings.md); what follows -- goes before them, "
                + "and ports are forwarded as it says",
        };
        Option<bool> detach = new("--detach")
        {
            Description = "return when it is ready; the last line printed is the instance's name",
        };
        Option<string?> console = new("--console") { HelpName = "FILE", Description = "where the serial console goes" };
        Option<string?> pcap = new("--pcap") { HelpName = "FILE", Description = "where a packet capture goes" };
        var command = new Command(
            Name,
            "Boots the image in QEMU. Options after -- are the guest's: memcached's own switches, ip=ADDR/PREFIX, ... "
            + "(-- --help lists them on the guest's console; docs/settings.md)")
        {
            memory, cpus, machine, accel, port, apiPort, net, userData, detach, console, pcap,
        };
        command.SetAction((parsed, cancel) =>
        {
            var settings = new RunSettings
            {
                Memory = MemorySize.Parse(parsed.GetRequiredValue(memory)),
                Cpus = RunSettings.ParseCpus(parsed.GetRequiredValue(cpus)),
                Machine = RunSettings.ParseMachine(parsed.GetRequiredValue(machine)),
                Accelerator = RunSettings.ParseAccelerator(parsed.GetRequiredValue(accel)),
                Network = NetworkBackend.Parse(
                    parsed.GetRequiredValue(net),
                    RunSettings.ParsePort(parsed.GetRequiredValue(port), "--port"),
                    RunSettings.ParsePort(parsed.GetRequiredValue(apiPort), "--api-port")),
                GuestOptions = guestOptions,
                UserDataFile = RunSettings.ParseInputFile(parsed.GetValue(userData), "--user-data"),
                Detach = parsed.GetValue(detach),
                ConsoleFile = RunSettings.ParseOutputFile(parsed.GetValue(console), "--console"),
                PcapFile = RunSettings.ParseOutputFile(parsed.GetValue(pcap), "--pcap"),
            };
            return new RunCommand(output, error).RunAsync(
                settings, Repository.Find(), InstanceDirectory.OfThisUser(), cancel);
        });
        return command;
    }

    private async Task<int> RunAsync(
        RunSettings settings, Repository repository, InstanceDirectory instances, CancellationToken cancel)
    {
        // What is wrong with the options shows before the build, which may take a while.
        _ = QemuCommandLine.KernelCommandLine(settings.Network, settings.GuestOptions);
        if (!ToolProcess.Exists(QemuCommandLine.Program))
            throw new UserErrorException(
                $"{QemuCommandLine.Program} is not installed: apt-get install qemu-system-x86");
        await new ImageBuilder(repository).BuildImageAsync(cancel);
        _ = instances.Running();
        MachineOptions options = Options(settings, repository, instances);
        await _output.WriteLineAsync($"booting {options.Name} with {settings.Memory} of memory");
        AcceleratorVerdict verdict;
        try
        {
            var launcher = new MachineLauncher(new AcceleratorMemory(instances.AcceleratorFile));
            verdict = await launcher.BootAsync(options, settings.Accelerator, cancel);
        }
        catch (BootFailedException failure)
        {
            instances.Forget(options.Name);
            new CrashNotice(_error).Print(failure.ConsoleFile);
            throw new UserErrorException($"the guest did not get ready: {failure.Message}", failure);
        }
        await using VirtualMachine machine = verdict.Machine;
        Instance instance = Describe(machine);
        instances.Record(instance);
        await _output.WriteLineAsync($"accelerator: {instance.Accelerator}, because {verdict.Because}");
        await _output.WriteLineAsync($"ready: memcached {instance.Memcached}, api {instance.Api}");
        if (settings.Detach)
        {
            await _output.WriteLineAsync(instance.Name);
            return CommandLine.Success;
        }
        return await StayAsync(machine, instance, instances, cancel);
    }

    private static MachineOptions Options(RunSettings settings, Repository repository, InstanceDirectory instances)
    {
        string name = InstanceDirectory.NameFor(settings.Network);
        return new MachineOptions
        {
            Name = name,
            Image = repository.Image,
            ConsoleFile = settings.ConsoleFile ?? instances.ConsoleFile(name),
            QmpSocket = instances.QmpSocket(name),
            PidFile = settings.Detach ? instances.PidFile(name) : null,
            PcapFile = settings.PcapFile,
            UserDataFile = settings.UserDataFile,
            Network = settings.Network,
            Memory = settings.Memory,
            Cpus = settings.Cpus,
            Machine = settings.Machine,
            GuestOptions = settings.GuestOptions,
        };
    }

    private static Instance Describe(VirtualMachine machine) => new()
    {
        Name = machine.Options.Name,
        Pid = machine.Process.Pid,
        Machine = machine.Options.Machine == MachineType.Q35 ? "q35" : "microvm",
        Accelerator = machine.Options.Accelerator == Accelerator.Kvm ? "kvm" : "tcg",
        Memory = machine.Options.Memory.ToString(),
        Cpus = machine.Options.Cpus,
        Memcached = machine.Memcached!.ToString(),
        Api = machine.Api!,
        ConsoleFile = machine.Options.ConsoleFile,
        QmpSocket = machine.Options.QmpSocket,
    };

    /// <summary>Shows the console until the guest ends, or Ctrl-C ends it.</summary>
    private async Task<int> StayAsync(
        VirtualMachine machine, Instance instance, InstanceDirectory instances, CancellationToken cancel)
    {
        var follower = new ConsoleFollower(instance.ConsoleFile, _output);
        bool interrupted = !await follower.FollowUntilAsync(() => machine.HasEnded, cancel);
        if (interrupted)
            await machine.PowerOffAsync(CancellationToken.None);
        MachineExit exit = await machine.WaitForEndAsync(CancellationToken.None);
        // On a terminal Ctrl-C reaches QEMU as well, which may be the quicker one.
        if (exit == MachineExit.Quit && !interrupted)
            interrupted = await IsInterruptedAsync(cancel);
        // `stop` takes the record away before it switches the machine off: so this end was asked for, too.
        bool stopped = !instances.IsRecorded(instance.Name);
        instances.Forget(instance.Name);
        if (interrupted || stopped || exit == MachineExit.PoweredOff)
        {
            await _output.WriteLineAsync("powered off");
            return CommandLine.Success;
        }
        if (exit == MachineExit.Crashed)
            new CrashNotice(_error).PrintHint(instance.ConsoleFile);
        throw new UserErrorException(await machine.DescribeEndAsync());
    }

    private static async Task<bool> IsInterruptedAsync(CancellationToken cancel)
    {
        await Task.Delay(InterruptGrace, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cancel.IsCancellationRequested;
    }

    private static Option<string> Text(string name, string defaultValue, string helpName, string description) =>
        new(name)
    {
        DefaultValueFactory = _ => defaultValue,
        HelpName = helpName,
        Description = description,
    };
}
