using System.Collections.Generic;
using System.IO;
using Memcachier.Cli.Machines;

namespace Memcachier.Cli.Commands;

/// <summary>The options of <c>run</c>, checked: a value of this type can be booted.</summary>
public sealed record RunSettings
{
    private const int CpuCountMax = 64;

    public required MemorySize Memory { get; init; }

    public required int Cpus { get; init; }

    public required MachineType Machine { get; init; }

    public required AcceleratorRequest Accelerator { get; init; }

    public required NetworkBackend Network { get; init; }

    public required IReadOnlyList<string> GuestOptions { get; init; }

    public string? UserDataFile { get; init; }

    public bool Detach { get; init; }

    public string? ConsoleFile { get; init; }

    public string? PcapFile { get; init; }

    public static MachineType ParseMachine(string text) => text switch
    {
        "q35" => MachineType.Q35,
        "microvm" => MachineType.MicroVm,
        _ => throw new UserErrorException($"'{text}' is not a machine: write q35 or microvm"),
    };

    public static AcceleratorRequest ParseAccelerator(string text) => text switch
    {
        "auto" => AcceleratorRequest.Auto,
        "kvm" => AcceleratorRequest.Kvm,
        "tcg" => AcceleratorRequest.Tcg,
        _ => throw new UserErrorException($"'{text}' is not an accelerator: write auto, kvm or tcg"),
    };

    public static int ParseCpus(string text) =>
        int.TryParse(text, out int cpus) && cpus is >= 1 and <= CpuCountMax
            ? cpus
            : throw new UserErrorException($"'{text}' is not a number of processors: --cpus takes 1 to {CpuCountMax}");

    public static int ParsePort(string text, string option) =>
        int.TryParse(text, out int port) && port is >= 0 and <= ushort.MaxValue
            ? port
            : throw new UserErrorException(
                $"'{text}' is not a port: {option} takes 1 to {ushort.MaxValue}, or 0 for any free one");

    /// <summary>As <see cref="ParseOutputFile"/>, for a file that is there.</summary>
    public static string? ParseInputFile(string? text, string option)
    {
        if (text == null)
            return null;
        string path = Path.GetFullPath(text);
        if (!File.Exists(path))
            throw new UserErrorException($"{option} cannot read {text}: there is no such file");
        return path;
    }

    /// <summary>QEMU may change its directory, so it gets whole paths, and only ones it can write.</summary>
    public static string? ParseOutputFile(string? text, string option)
    {
        if (text == null)
            return null;
        string path = Path.GetFullPath(text);
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            throw new UserErrorException(
                $"{option} cannot write {text}: it is a directory, or lies in one that does not exist");
        return path;
    }
}
