using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Machines;

/// <summary>Boots machines until they answer, and finds out by doing so which accelerator works.</summary>
public sealed class MachineLauncher
{
    private const string KvmDevice = "/dev/kvm";

    /// <summary>
    /// The image answers within a second, but where KVM emulates ring 0 the firmware of a q35 has been seen to take
    /// half a minute before it.
    /// </summary>
    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(60);

    private readonly AcceleratorMemory _memory;
    private readonly string _program;

    public MachineLauncher(AcceleratorMemory memory, string program = QemuCommandLine.Program)
    {
        _memory = memory;
        _program = program;
    }

    /// <summary>Why this host cannot use KVM at all, or null.</summary>
    public static string? KvmObstacle()
    {
        if (!File.Exists(KvmDevice))
            return $"there is no {KvmDevice}";
        try
        {
            using FileStream device = new(KvmDevice, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return null;
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            return $"{KvmDevice} cannot be opened";
        }
    }

    public async Task<AcceleratorVerdict> BootAsync(
        MachineOptions options, AcceleratorRequest request, CancellationToken cancel)
    {
        if (request != AcceleratorRequest.Auto)
            return await BootAsRequestedAsync(options, request, cancel);
        string? obstacle = KvmObstacle() ?? Recollection(options);
        if (obstacle == null)
        {
            MachineOptions trial = options with { Accelerator = Accelerator.Kvm };
            (VirtualMachine? machine, obstacle) = await TryBootAsync(trial, ReadyBound, cancel);
            if (machine != null)
                return new AcceleratorVerdict(machine, "the image answers on it");
            _memory.Remember(options.Image, options.Machine, obstacle!);
            obstacle = $"the image does not boot on KVM: {obstacle}";
        }
        return await BootOrThrowAsync(options with { Accelerator = Accelerator.Tcg }, obstacle, cancel);
    }

    private async Task<AcceleratorVerdict> BootAsRequestedAsync(
        MachineOptions options, AcceleratorRequest request, CancellationToken cancel)
    {
        if (request == AcceleratorRequest.Kvm && KvmObstacle() is { } obstacle)
            throw new UserErrorException($"KVM is not available here: {obstacle}");
        Accelerator accelerator = request == AcceleratorRequest.Kvm ? Accelerator.Kvm : Accelerator.Tcg;
        return await BootOrThrowAsync(options with { Accelerator = accelerator }, "--accel says so", cancel);
    }

    private async Task<AcceleratorVerdict> BootOrThrowAsync(
        MachineOptions options, string because, CancellationToken cancel)
    {
        (VirtualMachine? machine, string? problem) = await TryBootAsync(options, ReadyBound, cancel);
        return machine != null
            ? new AcceleratorVerdict(machine, because)
            : throw new BootFailedException(problem!, options.ConsoleFile);
    }

    /// <summary>A machine that answers, or the reason there is none; nothing is left running then.</summary>
    private async Task<(VirtualMachine? Machine, string? Problem)> TryBootAsync(
        MachineOptions options, TimeSpan bound, CancellationToken cancel)
    {
        VirtualMachine machine;
        try
        {
            machine = await VirtualMachine.StartAsync(options, cancel, _program);
        }
        catch (EarlyEndException refusal)
        {
            return (null, refusal.Message);
        }
        bool keep = false;
        try
        {
            string? problem = await machine.WaitUntilReadyAsync(bound, cancel);
            keep = problem == null;
            return (keep ? machine : null, problem);
        }
        finally
        {
            if (!keep)
            {
                await machine.PowerOffAsync(CancellationToken.None);
                await machine.DisposeAsync();
            }
        }
    }

    private string? Recollection(MachineOptions options) =>
        _memory.Recall(options.Image, options.Machine) is { } reason
            ? $"the image did not boot on KVM earlier: {reason}"
            : null;
}
