using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// The image boots and serves in QEMU as far as that can be made to look like Firecracker and Cloud Hypervisor: their
/// transports, their features of the network card, the words they put on the command line.
/// </summary>
public sealed class HypervisorTests
{
    /// <summary>Leaves MAC, VERSION_1, MRG_RXBUF and EVENT_IDX: QEMU offers what hangs on the control queue without it, too.</summary>
    private const string Bare =
        "ctrl_vq=off,guest_announce=off,ctrl_rx=off,ctrl_vlan=off,ctrl_rx_extra=off,ctrl_mac_addr=off,"
        + "ctrl_guest_offloads=off,status=off,indirect_desc=off,queue_reset=off";

    private const string Floor = Bare + ",mrg_rxbuf=off,event_idx=off";

    /// <summary>What Firecracker adds to boot_args when there is a root drive; the slot is where QEMU puts the card.</summary>
    private const string Appended = "pci=off root=/dev/vda ro virtio_mmio.device=4K@0xfeb00e00:12";

    private readonly ITestOutputHelper _output;

    public HypervisorTests(ITestOutputHelper output) => _output = output;

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("rtc=on", Bare, "-m 64 " + Appended)]
    [InlineData("rtc=off", Bare, Appended)]
    [InlineData("rtc=off", Floor, Appended)]
    [InlineData("rtc=off,pic=off", Floor, Appended)]
    [InlineData(
        "rtc=off", Floor,
        "reboot=k panic=1 nomodule 8250.nr_uarts=0 i8042.noaux i8042.nomux i8042.dumbkbd swiotlb=noforce " + Appended)]
    [InlineData("rtc=off", Floor, "ip=10.0.2.15/24,gw=10.0.2.2 api.token=0123456789abcdef " + Appended)]
    public async Task Serves_when_arranged_like_Firecracker(string board, string features, string commandLine)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, commandLine,
            "-M", $"microvm,acpi=off,pit=on,auto-kernel-cmdline=off,{board}", "-serial", "chardev:console",
            "-global", "virtio-mmio.force-legacy=false", "-device", $"virtio-net-device,netdev=net,{features}");
        await guest.ServesAsync();
        Assert.Contains("network: virtio-net at MMIO 0xfeb00e00, ", guest.Console);
        Assert.Contains("interrupt when idle", guest.Console);
        Assert.Contains("command line: pci=off is for Linux and is ignored", guest.Console);
        Assert.DoesNotContain("error: ", guest.Console);
        // What is appended is not taken for the rest of a secret.
        if (commandLine.Contains("api.token=")) Assert.DoesNotContain("made for this boot", guest.Console);
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("mrg_rxbuf=off,indirect_desc=off", "")]
    [InlineData("mrg_rxbuf=off,indirect_desc=off", "console=hvc0 root=/dev/vda1 rw")]
    [InlineData("mrg_rxbuf=off,indirect_desc=off,event_idx=off", "-m 64")]
    public async Task Serves_when_arranged_like_Cloud_Hypervisor(string features, string commandLine)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, commandLine,
            "-M", "q35", "-serial", "chardev:console",
            "-device", $"virtio-net-pci,netdev=net,disable-legacy=on,romfile=,{features}");
        await guest.ServesAsync();
        Assert.Contains("network: virtio-net at PCI 00:", guest.Console);
        Assert.DoesNotContain("error: ", guest.Console);
    }
}
