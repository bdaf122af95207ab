using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;
using Memcachier.Cli.Symbols;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>A fault ends in a report that can be explained, and in the exit code that says so.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public CrashTests(ITestOutputHelper output) => _output = output;

    /// <summary>
    /// Nothing in the image uses non-maskable interrupts, so one of them is a fault as good as any. Only on a q35,
    /// where the firmware lets them through.
    /// </summary>
    [Fact]
    public async Task A_fault_is_reported_and_explained()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.Q35, _output);
        // Not every time is there an answer: the crash may end QEMU before it has written one.
        _ = await QmpClient.TryExecuteAsync(guest.QmpSocket, "inject-nmi", Bound, CancellationToken.None);
        Assert.Equal(MachineExit.Crashed, await guest.WaitForEndAsync(Bound));
        Assert.True(GuestConsole.HasCrashReport(guest.Console));
        using var explained = new StringWriter();
        ElfImage image = ElfImage.Load(Repository.Find().Image);
        CrashReport.Explain(new StringReader(guest.Console), image, explained);
        _output.WriteLine(explained.ToString());
        Assert.Contains($"build {image.BuildId}", guest.Console);
        Assert.Matches(@"(?m)^rip 0x[0-9a-f]{16} .*  \S+\+0x[0-9a-f]+$", explained.ToString());
        Assert.Matches(
            @"(?m)^  0x[0-9a-f]{16}  Memcachier\.Appliance\.Program\.Main\+0x[0-9a-f]+$", explained.ToString());
        Assert.Matches(@"(?m)^--> 0x[0-9a-f]{16}  \S", explained.ToString());
    }
}
