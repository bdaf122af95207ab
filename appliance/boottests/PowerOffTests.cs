using System;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>On a machine that has nothing but what other hypervisors have, too, the end is the machine's.</summary>
public sealed class PowerOffTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public PowerOffTests(ITestOutputHelper output) => _output = output;

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("q35", "virtio-net-pci,netdev=net,romfile=", true)]
    [InlineData("q35", "virtio-net-pci,netdev=net,romfile=", false)]
    [InlineData("pc", "virtio-net-pci,netdev=net,romfile=", true)]
    [InlineData("pc", "virtio-net-pci,netdev=net,romfile=", false)]
    [InlineData("microvm,acpi=on", "virtio-net-device,netdev=net", false)]      // its button is behind byte code
    public async Task The_machine_is_switched_off(string machine, string device, bool isPressed)
    {
        await using BareGuest guest = BareGuest.Start(
            _output,
            _ =>
            [
                "-M", machine, "-serial", "chardev:console", "-kernel", Repository.Find().Image, "-append", "-A",
                "-global", "virtio-mmio.force-legacy=false", "-device", device,
                // A reset would begin anew, and not end.
                "-action", "reboot=reset",
            ],
            hasExit: false);
        await guest.ServesAsync();
        if (isPressed)
        {
            Assert.True(await QmpClient.TryExecuteAsync(guest.QmpSocket, "system_powerdown", Bound, CancellationToken.None));
        }
        else
        {
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
            await connection.SendAsync("shutdown\r\n");
        }
        Assert.Equal(MachineExit.Quit, await guest.WaitForEndAsync());
        Assert.Contains("] shutdown: ", guest.Console);
        Assert.Equal(1, guest.Console.Split("] ready: ").Length - 1);
    }
}
