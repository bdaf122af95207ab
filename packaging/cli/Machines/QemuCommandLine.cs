using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.Cli.Machines;

/// <summary>From <see cref="MachineOptions"/> to QEMU's arguments. Pure, so that a table can test it.</summary>
public static class QemuCommandLine
{
    public const string Program = "qemu-system-x86_64";

    public const int ApiPort = 8080;

    public static IReadOnlyList<string> Arguments(MachineOptions options)
    {
        var arguments = new List<string>
        {
            "-name", options.Name,
            "-nodefaults", "-no-user-config", "-no-reboot",
            "-display", "none",
        };
        arguments.AddRange(Machine(options.Machine));
        arguments.AddRange(Processor(options.Accelerator, options.Cpus));
        arguments.AddRange(["-m", $"{options.Memory.MiB}M"]);
        arguments.AddRange(["-kernel", options.Image]);
        if (options.Initramfs != null)
            arguments.AddRange(["-initrd", options.Initramfs]);
        arguments.AddRange(["-append", KernelCommandLine(options.Network, options.GuestOptions)]);
        arguments.AddRange(["-chardev", $"file,id=console,path={Escape(options.ConsoleFile)}"]);
        arguments.AddRange(["-serial", "chardev:console"]);
        arguments.AddRange(["-chardev", $"socket,id=qmp,path={Escape(options.QmpSocket)},server=on,wait=off"]);
        arguments.AddRange(["-mon", "chardev=qmp,mode=control"]);
        arguments.AddRange(["-netdev", Backend(options.Network, GuestPorts.Of(options.GuestOptions))]);
        arguments.AddRange(["-device", Device(options.Machine, "net", ",netdev=net")]);
        arguments.AddRange(["-device", Device(options.Machine, "rng", "")]);
        if (options.UserDataFile != null)
            arguments.AddRange(["-fw_cfg", $"name=opt/org.memcachier/config,file={Escape(options.UserDataFile)}"]);
        for (int i = 0; i < options.Disks.Count; i++)
        {
            arguments.AddRange(["-drive", $"if=none,id=disk{i},format=raw,readonly=on,file={Escape(options.Disks[i])}"]);
            arguments.AddRange(["-device", Device(options.Machine, "blk", $",drive=disk{i}")]);
        }
        // The guest ends QEMU by writing to this port: MachineExit reads the exit code that results.
        arguments.AddRange(["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]);
        if (options.PcapFile != null)
            arguments.AddRange(["-object", $"filter-dump,id=pcap,netdev=net,file={Escape(options.PcapFile)}"]);
        if (options.IsTimeCounted)
            arguments.AddRange(["-icount", "shift=0"]);
        if (options.Plugin != null)
            arguments.AddRange(["-plugin", options.Plugin]);
        if (options.PidFile != null)
            arguments.AddRange(["-daemonize", "-pidfile", options.PidFile]);
        return arguments;
    }

    /// <summary>
    /// The settings in the order the guest reads them. User networking has a DHCP server; a tap need not, so there the
    /// guest's own default decides.
    /// </summary>
    public static string KernelCommandLine(NetworkBackend network, IReadOnlyList<string> guestOptions)
    {
        string? blank = guestOptions.FirstOrDefault(option => option.Length == 0 || option.Any(char.IsWhiteSpace));
        if (blank != null)
            throw new UserErrorException(
                $"the guest option '{blank}' has a blank in it or is empty, which a kernel command line cannot carry");
        bool addressGiven = guestOptions.Any(option => option.StartsWith("ip=", StringComparison.Ordinal));
        IEnumerable<string> address = network is NetworkBackend.User && !addressGiven ? ["ip=dhcp"] : [];
        return string.Join(' ', address.Concat(guestOptions));
    }

    private static string[] Machine(MachineType machine) => machine switch
    {
        MachineType.Q35 => ["-M", "q35"],
        // Without ACPI this is what Firecracker looks like; its transports are virtio 0.9 unless asked.
        MachineType.MicroVm =>
            ["-M", "microvm,acpi=off,pit=on,pic=on,rtc=on", "-global", "virtio-mmio.force-legacy=false"],
        _ => throw new ArgumentOutOfRangeException(nameof(machine)),
    };

    private static string[] Processor(Accelerator accelerator, int cpus) => accelerator switch
    {
        // Some hosts refuse to show IA32_ARCH_CAPABILITIES although their processor has it; the image does not read it.
        Accelerator.Kvm => ["-accel", "kvm", "-cpu", "host,-arch-capabilities", "-smp", $"{cpus}"],
        // With one possible CPU, QEMU 7.2 drops the guest's memory barriers although the device runs on another thread,
        // and a kick can get lost for good (fixed in 8.1). A second CPU that is never plugged in keeps the barriers.
        Accelerator.Tcg => ["-accel", "tcg", "-cpu", "max", "-smp", cpus == 1 ? "1,maxcpus=2" : $"{cpus}"],
        _ => throw new ArgumentOutOfRangeException(nameof(accelerator)),
    };

    private static string Backend(NetworkBackend network, GuestPorts ports) => network switch
    {
        NetworkBackend.User user => "user,id=net"
            + Forward("tcp", user.MemcachedPort, ports.Tcp)
            + (ports.Udp != 0 ? Forward("udp", user.MemcachedPort, ports.Udp) : "")
            + Forward("tcp", user.ApiPort, ApiPort),
        NetworkBackend.Tap tap => $"tap,id=net,ifname={Escape(tap.Interface)},script=no,downscript=no",
        NetworkBackend.Frames frames => "dgram,id=net,"
            + $"local.type=unix,local.path={Escape(frames.GuestSocket)},"
            + $"remote.type=unix,remote.path={Escape(frames.PeerSocket)}",
        NetworkBackend.Stream stream => $"stream,id=net,addr.type=unix,addr.path={Escape(stream.Socket)}",
        _ => throw new ArgumentOutOfRangeException(nameof(network)),
    };

    private static string Forward(string protocol, int hostPort, int guestPort) =>
        $",hostfwd={protocol}:127.0.0.1:{hostPort}-:{guestPort}";

    /// <summary>Without its option ROM, which only network boot needs, the card costs the firmware no time.</summary>
    private static string Device(MachineType machine, string kind, string properties) => machine == MachineType.MicroVm
        ? $"virtio-{kind}-device{properties}"
        : $"virtio-{kind}-pci,disable-legacy=on,romfile={properties}";

    /// <summary>In QEMU's option lists a comma inside a value is written twice.</summary>
    private static string Escape(string value) => value.Replace(",", ",,");
}
