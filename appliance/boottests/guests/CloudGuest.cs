using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// The image in what looks like a cloud: on a network in which 169.254.169.254 leads to a fake metadata service, with
/// system information of its own.
/// </summary>
internal sealed class CloudGuest : IAsyncDisposable
{
    /// <summary>The address that DHCP gives; the gateway is 169.254.2.2.</summary>
    public const string Address = "169.254.2.15";

    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _directory;
    private readonly Process _process;
    private readonly ITestOutputHelper _output;

    private CloudGuest(DirectoryInfo directory, Process process, int port, ITestOutputHelper output)
    {
        _directory = directory;
        _process = process;
        _output = output;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    public IPEndPoint EndPoint { get; }

    public string Console
    {
        get
        {
            string file = Path.Combine(_directory.FullName, "console");
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
    }

    /// <summary>Boots, and waits until the image is ready.</summary>
    /// <param name="systemInformation">QEMU's -smbios option after the type; empty for QEMU's own.</param>
    public static async Task<CloudGuest> BootAsync(
        MachineType machine, FakeMetadataService service, string systemInformation, string kernelCommandLine,
        ITestOutputHelper output)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mc-cloud-");
        int port = LoopbackPort.Claim(0, "port");
        string backend = $"user,id=net,net=169.254.0.0/16,dhcpstart={Address},hostfwd=tcp:127.0.0.1:{port}-:11211,"
            + $"guestfwd=tcp:169.254.169.254:80-cmd:bash {service.WriteRelay(directory)}";
        string[] arguments =
        [
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-m", "128M",
            "-accel", "tcg", "-cpu", "max", "-smp", "1,maxcpus=2",
            "-kernel", Repository.Find().Image, "-append", kernelCommandLine,
            "-serial", $"file:{Path.Combine(directory.FullName, "console")}",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-netdev", backend,
            .. machine == MachineType.Q35
                ? (string[])["-M", "q35", "-device", "virtio-net-pci,netdev=net,disable-legacy=on,romfile="]
                :
                [
                    "-M", "microvm,acpi=off,pit=on,pic=on,rtc=on", "-global", "virtio-mmio.force-legacy=false",
                    "-device", "virtio-net-device,netdev=net",
                ],
            .. systemInformation.Length > 0 ? (string[])["-smbios", $"type=1,{systemInformation}"] : [],
        ];
        Process process = Process.Start(new ProcessStartInfo(QemuCommandLine.Program, arguments))!;
        var guest = new CloudGuest(directory, process, port, output);
        try
        {
            await guest.WaitUntilReadyAsync();
        }
        catch
        {
            await guest.DisposeAsync();
            throw;
        }
        return guest;
    }

    public async ValueTask DisposeAsync()
    {
        _output.WriteLine(Console);
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task WaitUntilReadyAsync()
    {
        var time = Stopwatch.StartNew();
        while (GuestConsole.ReadyMicros(Console) == null)
        {
            Assert.False(_process.HasExited, "the guest ended");
            Assert.True(time.Elapsed < ReadyBound, "the guest did not get ready");
            await Task.Delay(20);
        }
    }
}
