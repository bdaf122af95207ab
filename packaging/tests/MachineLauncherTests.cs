using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class MachineLauncherTests
{
    private const string OnlyTcgAnswers = "if '-accel kvm' in line: sys.exit('qemu: no luck')\n" + FakeQemu.Answers;

    [Fact]
    public async Task Auto_takes_tcg_and_says_why_when_kvm_does_not_boot_the_image()
    {
        using var qemu = new FakeQemu(OnlyTcgAnswers);
        AcceleratorVerdict verdict = await BootAsync(qemu, AcceleratorRequest.Auto);
        await using VirtualMachine machine = verdict.Machine;
        Assert.Equal(Accelerator.Tcg, machine.Options.Accelerator);
        string expected = MachineLauncher.KvmObstacle() ?? "the image does not boot on KVM: QEMU gave up: no luck";
        Assert.Equal(expected, verdict.Because);
    }

    [Fact]
    public async Task What_did_not_boot_is_not_tried_again_until_the_image_changes()
    {
        using var qemu = new FakeQemu(FakeQemu.Answers);
        qemu.Memory.Remember(qemu.Options.Image, MachineType.Q35, "it hung");
        Assert.Equal("it hung", qemu.Memory.Recall(qemu.Options.Image, MachineType.Q35));
        Assert.Null(qemu.Memory.Recall(qemu.Options.Image, MachineType.MicroVm));
        AcceleratorVerdict verdict = await BootAsync(qemu, AcceleratorRequest.Auto);
        await using VirtualMachine machine = verdict.Machine;
        Assert.Equal(Accelerator.Tcg, machine.Options.Accelerator);
        Assert.Equal(
            MachineLauncher.KvmObstacle() ?? "the image did not boot on KVM earlier: it hung", verdict.Because);
        await System.IO.File.WriteAllTextAsync(qemu.Options.Image, "another image");
        Assert.Null(qemu.Memory.Recall(qemu.Options.Image, MachineType.Q35));
    }

    [Fact]
    public async Task A_boot_that_fails_everywhere_names_the_problem_and_the_console()
    {
        using var qemu = new FakeQemu("console('*** crash: page fault\\n'); sys.exit(35)");
        var failure = await Assert.ThrowsAsync<BootFailedException>(() => BootAsync(qemu, AcceleratorRequest.Tcg));
        Assert.Equal("the guest crashed", failure.Message);
        Assert.Equal(qemu.Options.ConsoleFile, failure.ConsoleFile);
    }

    private static Task<AcceleratorVerdict> BootAsync(FakeQemu qemu, AcceleratorRequest request) =>
        new MachineLauncher(qemu.Memory, qemu.Program).BootAsync(qemu.Options, request, CancellationToken.None);
}
