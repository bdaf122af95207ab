using System;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>Without a device it can do without the image serves; without one that it needs it says so, and ends or waits.</summary>
public sealed class MissingDeviceTests
{
    private const string Card = "virtio-net-pci,netdev=net,disable-legacy=on,romfile=";
    private const string Waiting = "network: no address; no DHCP server has given one for ";
    private const string NoCard = "no usable network device: ";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public MissingDeviceTests(ITestOutputHelper output) => _output = output;

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("q35", "", NoCard + "there is no virtio-net")]
    [InlineData("pc", "", NoCard + "there is no virtio-net")]
    [InlineData("microvm,acpi=off", "", NoCard + "there is no virtio-net")]
    [InlineData("microvm,acpi=on", "", NoCard + "there is no virtio-net")]
    [InlineData("q35", "e1000e,netdev=net,romfile=", NoCard + "there is no virtio-net")]
    [InlineData("microvm,acpi=off", "virtio-net-device,netdev=net", NoCard + "the device speaks only the legacy protocol from before virtio 1.0")]
    public async Task Without_a_card_it_says_so_and_ends(string machine, string device, string said)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, "", ["-M", machine, "-serial", "chardev:console", .. device.Length > 0 ? (string[])["-device", device] : []]);
        Assert.Equal(MachineExit.GaveUp, await guest.WaitForEndAsync());
        Assert.Equal(said, GuestConsole.Error(guest.Console));
    }

    /// <summary>A clock that nobody calibrates would expire items at any time.</summary>
    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("microvm,acpi=off,pit=off")]
    public async Task Without_a_timer_it_says_so_and_ends(string machine)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, "", "-M", machine, "-serial", "chardev:console", "-global", "virtio-mmio.force-legacy=false",
            "-device", "virtio-net-device,netdev=net");
        Assert.Equal(MachineExit.GaveUp, await guest.WaitForEndAsync());
        Assert.StartsWith("clock: neither CPUID, KVM, an ACPI timer nor an interval timer", GuestConsole.Error(guest.Console));
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("microvm,acpi=off,isa-serial=off", "virtio-net-device,netdev=net")]
    [InlineData("q35", Card)]
    public async Task Without_a_serial_port_it_serves(string machine, string device)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, "", "-M", machine, "-serial", "none", "-global", "virtio-mmio.force-legacy=false", "-device", device);
        await guest.ServesAsync();
        Assert.Equal("", guest.Console);
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("max", "entropy: timer jitter, RDRAND\r\n")]
    [InlineData("max,-rdrand", "entropy: timer jitter; warning: nothing better, so secrets may be guessed\r\n")]
    public async Task Without_a_generator_it_says_so_and_serves(string processor, string said)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, "", "-M", "q35", "-cpu", processor, "-serial", "chardev:console", "-device", Card);
        await guest.ServesAsync();
        Assert.Contains(said, guest.Console);
    }

    /// <summary>Nobody else is on the network; who presses the button need not wait until somebody is.</summary>
    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("q35", Card, true)]
    [InlineData("microvm,acpi=off", "virtio-net-device,netdev=net", false)]
    public async Task Without_a_DHCP_server_it_goes_on_asking_and_says_so(string machine, string device, bool hasButton)
    {
        await using BareGuest guest = BareGuest.StartImage(
            _output, "", "-M", machine, "-serial", "chardev:console", "-netdev", "hubport,id=lonely,hubid=0",
            "-global", "virtio-mmio.force-legacy=false", "-device", device.Replace("netdev=net", "netdev=lonely"));
        await guest.WaitForConsoleAsync(console => console.Contains(Waiting));
        Assert.Contains("; asking on (ip=ADDRESS/PREFIX sets a fixed one)", guest.Console);
        Assert.False(guest.HasEnded);
        if (!hasButton) return;
        Assert.True(await QmpClient.TryExecuteAsync(guest.QmpSocket, "system_powerdown", Bound, CancellationToken.None));
        Assert.Equal(MachineExit.PoweredOff, await guest.WaitForEndAsync());
        Assert.Contains("shutdown: the power button was pressed", guest.Console);
    }
}
