using System.Collections.Generic;
using System.Linq;
using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class QemuCommandLineTests
{
    private static readonly MachineOptions Plain = new()
    {
        Name = "memcachier-11211",
        Image = "/out/memcachier.elf",
        ConsoleFile = "/run/m.log",
        QmpSocket = "/run/m.qmp",
        Network = new NetworkBackend.User(11211, 8080),
    };

    private const string Common = "-name memcachier-11211 -nodefaults -no-user-config -no-reboot -display none ";

    private const string Boot = "-kernel /out/memcachier.elf -append ip=dhcp "
        + "-chardev file,id=console,path=/run/m.log -serial chardev:console "
        + "-chardev socket,id=qmp,path=/run/m.qmp,server=on,wait=off -mon chardev=qmp,mode=control ";

    private const string UserNet = "-netdev user,id=net,"
        + "hostfwd=tcp:127.0.0.1:11211-:11211,hostfwd=tcp:127.0.0.1:8080-:8080 ";

    private const string PciDevices = "-device virtio-net-pci,disable-legacy=on,romfile=,netdev=net "
        + "-device virtio-rng-pci,disable-legacy=on,romfile= ";

    private const string MmioDevices = "-device virtio-net-device,netdev=net -device virtio-rng-device ";

    private const string Exit = "-device isa-debug-exit,iobase=0xf4,iosize=4";

    public static TheoryData<string, MachineOptions, string> Lines() => new()
    {
        {
            "q35 under TCG", Plain,
            Common + "-M q35 -accel tcg -cpu max -smp 1,maxcpus=2 -m 256M " + Boot + UserNet + PciDevices + Exit
        },
        {
            "q35 under KVM", Plain with { Accelerator = Accelerator.Kvm },
            Common + "-M q35 -accel kvm -cpu host,-arch-capabilities -smp 1 -m 256M "
                + Boot + UserNet + PciDevices + Exit
        },
        {
            "microvm under TCG", Plain with { Machine = MachineType.MicroVm },
            Common + "-M microvm,acpi=off,pit=on,pic=on,rtc=on -global virtio-mmio.force-legacy=false "
                + "-accel tcg -cpu max -smp 1,maxcpus=2 -m 256M " + Boot + UserNet + MmioDevices + Exit
        },
        {
            "two processors, more memory", Plain with { Cpus = 2, Memory = new MemorySize(2048) },
            Common + "-M q35 -accel tcg -cpu max -smp 2 -m 2048M " + Boot + UserNet + PciDevices + Exit
        },
        {
            "other ports", Plain with { Network = new NetworkBackend.User(21211, 18080) },
            Common + "-M q35 -accel tcg -cpu max -smp 1,maxcpus=2 -m 256M " + Boot
                + "-netdev user,id=net,hostfwd=tcp:127.0.0.1:21211-:11211,hostfwd=tcp:127.0.0.1:18080-:8080 "
                + PciDevices + Exit
        },
        {
            "user data and disks", Plain with { UserDataFile = "/tmp/a,b", Disks = ["/tmp/c", "/tmp/d"] },
            Common + "-M q35 -accel tcg -cpu max -smp 1,maxcpus=2 -m 256M " + Boot + UserNet + PciDevices
                + "-fw_cfg name=opt/org.memcachier/config,file=/tmp/a,,b "
                + "-drive if=none,id=disk0,format=raw,readonly=on,file=/tmp/c "
                + "-device virtio-blk-pci,disable-legacy=on,romfile=,drive=disk0 "
                + "-drive if=none,id=disk1,format=raw,readonly=on,file=/tmp/d "
                + "-device virtio-blk-pci,disable-legacy=on,romfile=,drive=disk1 " + Exit
        },
        {
            "a Linux", Plain with { Image = "/out/vmlinuz", Initramfs = "/out/initramfs", GuestOptions = ["quiet"] },
            Common + "-M q35 -accel tcg -cpu max -smp 1,maxcpus=2 -m 256M "
                + Boot.Replace("/out/memcachier.elf", "/out/vmlinuz -initrd /out/initramfs").Replace("ip=dhcp", "ip=dhcp quiet")
                + UserNet + PciDevices + Exit
        },
        {
            "packet capture, detached", Plain with { PcapFile = "/tmp/x.pcap", PidFile = "/run/m.pid" },
            Common + "-M q35 -accel tcg -cpu max -smp 1,maxcpus=2 -m 256M " + Boot + UserNet + PciDevices + Exit
                + " -object filter-dump,id=pcap,netdev=net,file=/tmp/x.pcap -daemonize -pidfile /run/m.pid"
        },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Is_exactly(string name, MachineOptions options, string line)
    {
        Assert.NotEqual("", name);
        Assert.Equal(line, string.Join(' ', QemuCommandLine.Arguments(options)));
    }

    [Fact]
    public void A_tap_is_used_as_it_is_and_gets_no_address_from_us()
    {
        MachineOptions tap = Plain with { Network = new NetworkBackend.Tap("tap0") };
        Assert.Equal("tap,id=net,ifname=tap0,script=no,downscript=no", ValueOf("-netdev", tap));
        Assert.Equal("", ValueOf("-append", tap));
    }

    [Theory]
    [InlineData("-m 64", "tcp:127.0.0.1:21211-:11211")]
    [InlineData("-p 5000", "tcp:127.0.0.1:21211-:5000")]
    [InlineData("-p5000 -p 6000", "tcp:127.0.0.1:21211-:6000")]
    [InlineData("-p 0", "tcp:127.0.0.1:21211-:11211")]
    [InlineData("-p", "tcp:127.0.0.1:21211-:11211")]
    [InlineData("-p x", "tcp:127.0.0.1:21211-:11211")]
    [InlineData("-U 0", "tcp:127.0.0.1:21211-:11211")]
    [InlineData("-U 11211", "tcp:127.0.0.1:21211-:11211 udp:127.0.0.1:21211-:11211")]
    [InlineData("-U 5000", "tcp:127.0.0.1:21211-:5000 udp:127.0.0.1:21211-:5000")]
    [InlineData("-U5000 -p 11211", "tcp:127.0.0.1:21211-:11211 udp:127.0.0.1:21211-:5000")]
    public void The_ports_of_the_guest_are_forwarded(string guestOptions, string forwards)
    {
        MachineOptions options = Plain with
        {
            Network = new NetworkBackend.User(21211, 8080), GuestOptions = guestOptions.Split(' '),
        };
        IEnumerable<string> all = ValueOf("-netdev", options).Split(",hostfwd=").Skip(1);
        Assert.Equal(forwards + " tcp:127.0.0.1:8080-:8080", string.Join(' ', all));
    }

    [Fact]
    public void Frames_travel_between_two_unix_sockets()
    {
        MachineOptions frames = Plain with { Network = new NetworkBackend.Frames("/run/g", "/run/p") };
        Assert.Equal(
            "dgram,id=net,local.type=unix,local.path=/run/g,remote.type=unix,remote.path=/run/p",
            ValueOf("-netdev", frames));
    }

    [Fact]
    public void What_counts_instructions_has_frames_on_a_stream_time_that_is_counted_and_a_plug_in()
    {
        MachineOptions options = Plain with
        {
            Network = new NetworkBackend.Stream("/run/a,b"), IsTimeCounted = true, Plugin = "count.so,gate=1f",
        };
        Assert.Equal("stream,id=net,addr.type=unix,addr.path=/run/a,,b", ValueOf("-netdev", options));
        Assert.Equal("shift=0", ValueOf("-icount", options));
        Assert.Equal("count.so,gate=1f", ValueOf("-plugin", options));
        Assert.DoesNotContain("-icount", QemuCommandLine.Arguments(Plain));
        Assert.DoesNotContain("-plugin", QemuCommandLine.Arguments(Plain));
    }

    [Fact]
    public void A_comma_in_a_file_name_is_doubled_inside_option_lists()
    {
        MachineOptions options = Plain with { ConsoleFile = "/run/a,b.log", PcapFile = "/tmp/c,d" };
        Assert.Equal("file,id=console,path=/run/a,,b.log", ValueOf("-chardev", options));
        Assert.EndsWith("file=/tmp/c,,d", ValueOf("-object", options));
    }

    [Theory]
    [InlineData("", "ip=dhcp")]
    [InlineData("-m 64 -c 1024 -vv", "ip=dhcp -m 64 -c 1024 -vv")]
    [InlineData("ip=10.0.2.15/24,gw=10.0.2.2 -m 64", "ip=10.0.2.15/24,gw=10.0.2.2 -m 64")]
    [InlineData("-o slab_reassign,lru_crawler", "ip=dhcp -o slab_reassign,lru_crawler")]
    public void Guest_options_pass_unchanged_behind_the_address(string guestOptions, string kernelCommandLine)
    {
        string[] options = guestOptions.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(kernelCommandLine, QemuCommandLine.KernelCommandLine(Plain.Network, options));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("")]
    public void A_guest_option_that_would_come_apart_is_refused(string option)
    {
        var problem = Assert.Throws<UserErrorException>(
            () => QemuCommandLine.KernelCommandLine(Plain.Network, [option]));
        Assert.Contains($"'{option}'", problem.Message);
    }

    private static string ValueOf(string option, MachineOptions options)
    {
        IReadOnlyList<string> arguments = QemuCommandLine.Arguments(options);
        return arguments.SkipWhile(argument => argument != option).Skip(1).First();
    }
}
