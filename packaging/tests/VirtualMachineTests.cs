using System;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class VirtualMachineTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Is_ready_once_it_answers_and_gone_once_disposed()
    {
        using var qemu = new FakeQemu(FakeQemu.Answers);
        VirtualMachine machine = await VirtualMachine.StartAsync(qemu.Options, CancellationToken.None, qemu.Program);
        Assert.Null(await machine.WaitUntilReadyAsync(Bound, CancellationToken.None));
        Assert.False(machine.HasEnded);
        await machine.DisposeAsync();
        Assert.True(machine.HasEnded);
    }

    [Theory]
    [InlineData("sys.exit(33)", "the guest powered off")]
    [InlineData("console('*** crash: page fault\\n'); sys.exit(35)", "the guest crashed")]
    [InlineData("console('[ 7 us] error: no network\\n'); sys.exit(37)", "the guest gave up: no network")]
    [InlineData("sys.exit(0)", "the guest reset the machine, or QEMU was told to quit")]
    [InlineData("sys.exit('qemu-system-x86_64: -M q35: no such thing\\nmore')", "QEMU gave up: -M q35: no such thing")]
    [InlineData("sys.exit(7)", "QEMU gave up: no reason given")]
    public async Task An_end_before_it_is_ready_is_told_apart(string behaviour, string reason)
    {
        using var qemu = new FakeQemu(behaviour);
        await using VirtualMachine machine = await VirtualMachine.StartAsync(
            qemu.Options, CancellationToken.None, qemu.Program);
        Assert.Equal(reason, await machine.WaitUntilReadyAsync(Bound, CancellationToken.None));
    }

    [Theory]
    [InlineData("time.sleep(60)")]
    [InlineData("answer(b'ERROR\\r\\n')")]
    [InlineData("answer(b'VERS')")]
    public async Task No_answer_is_given_up_on(string behaviour)
    {
        using var qemu = new FakeQemu(behaviour);
        await using VirtualMachine machine = await VirtualMachine.StartAsync(
            qemu.Options, CancellationToken.None, qemu.Program);
        Assert.Equal(
            "no answer within 1 s", await machine.WaitUntilReadyAsync(TimeSpan.FromSeconds(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_machine_that_ignores_every_request_to_end_is_killed()
    {
        using var qemu = new FakeQemu("signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FakeQemu.Answers);
        await using VirtualMachine machine = await VirtualMachine.StartAsync(
            qemu.Options, CancellationToken.None, qemu.Program);
        Assert.Null(await machine.WaitUntilReadyAsync(Bound, CancellationToken.None));
        await machine.PowerOffAsync(CancellationToken.None);
        Assert.True(machine.HasEnded);
    }

    [Fact]
    public async Task A_detached_machine_outlives_the_object_that_started_it()
    {
        using var qemu = new FakeQemu(FakeQemu.Answers);
        MachineOptions options = qemu.Options with { PidFile = qemu.PidFile };
        VirtualMachine machine = await VirtualMachine.StartAsync(options, CancellationToken.None, qemu.Program);
        Assert.Null(await machine.WaitUntilReadyAsync(Bound, CancellationToken.None));
        await machine.DisposeAsync();
        Assert.False(machine.HasEnded);
        await machine.PowerOffAsync(CancellationToken.None);
        Assert.True(machine.HasEnded);
    }

    [Theory]
    [InlineData("console('*** crash: page fault\\n')", "the guest crashed")]
    [InlineData("console('[ 7 us] error: no network\\n')", "the guest gave up: no network")]
    [InlineData("pass", "the guest ended")]
    [InlineData("sys.exit('qemu: no such tap')", "QEMU gave up: no such tap")]
    public async Task A_detached_machine_may_end_before_it_can_be_watched(string behaviour, string reason)
    {
        using var qemu = new FakeQemu(behaviour);
        MachineOptions options = qemu.Options with { PidFile = qemu.PidFile };
        var end = await Assert.ThrowsAsync<EarlyEndException>(
            () => VirtualMachine.StartAsync(options, CancellationToken.None, qemu.Program));
        Assert.Equal(reason, end.Message);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_its_package()
    {
        using var qemu = new FakeQemu(FakeQemu.Answers);
        var problem = await Assert.ThrowsAsync<UserErrorException>(
            () => VirtualMachine.StartAsync(qemu.Options, CancellationToken.None, "qemu-system-nothing"));
        Assert.Equal("qemu-system-nothing is not installed: apt-get install qemu-system-x86", problem.Message);
    }
}
