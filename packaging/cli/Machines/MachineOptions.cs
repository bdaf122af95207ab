using System.Collections.Generic;

namespace Memcachier.Cli.Machines;

/// <summary>Everything that decides one virtual machine.</summary>
public sealed record MachineOptions
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>The first root file system of a Linux; null for the image, which has none.</summary>
    public string? Initramfs { get; init; }

    public required string ConsoleFile { get; init; }

    public required string QmpSocket { get; init; }

    public required NetworkBackend Network { get; init; }

    public MemorySize Memory { get; init; } = new(256);

    public int Cpus { get; init; } = 1;

    public MachineType Machine { get; init; } = MachineType.Q35;

    public Accelerator Accelerator { get; init; } = Accelerator.Tcg;

    /// <summary>Settings for the guest, as on memcached's own command line.</summary>
    public IReadOnlyList<string> GuestOptions { get; init; } = [];

    /// <summary>A file of settings, handed to the guest by fw_cfg.</summary>
    public string? UserDataFile { get; init; }

    /// <summary>Images that the guest finds as virtio disks it cannot write to.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    public string? PcapFile { get; init; }

    /// <summary>True if the guest's time is its instructions, a nanosecond each. TCG only.</summary>
    public bool IsTimeCounted { get; init; }

    /// <summary>A plug-in for TCG, with its arguments, as QEMU's option takes them.</summary>
    public string? Plugin { get; init; }

    /// <summary>When set, QEMU leaves the terminal and the process that started it, and writes its pid here.</summary>
    public string? PidFile { get; init; }
}
