using System;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// What the protocols that are spoken, and a login, need of the memory: what is left over once everything is there is
/// the same for few connections and for many.
/// </summary>
public sealed partial class ProtocolBootTests
{
    private const string Password = "correct-horse";

    // The one may fill the last page of a table of the other kind less well than the other.
    private const int DifferenceMax = 8;

    private static readonly string[][] s_choices =
    [
        ["-B", "ascii"], ["-B", "auto"], ["-S", "user=joe:" + Password], ["-Y", "/etc/users", "user=joe:" + Password],
    ];

    private readonly ITestOutputHelper _output;

    public ProtocolBootTests(ITestOutputHelper output) => _output = output;

    [Theory, OnOne(MachineType.MicroVm)]
    public async Task A_session_takes_what_was_set_aside_for_it(Accelerator accelerator, MachineType machine)
    {
        foreach (string[] choice in s_choices)
        {
            int few = await LeftOverAsync(accelerator, machine, [.. choice, "-c", "64"]);
            int many = await LeftOverAsync(accelerator, machine, [.. choice, "-c", "8000"]);
            _output.WriteLine($"measured: {few} and {many} KiB left over with {choice[0]}");
            Assert.InRange(Math.Abs(few - many), 0, DifferenceMax);
        }
    }

    /// <summary>Boots until it is ready, which its login does not keep from being noticed.</summary>
    private async Task<int> LeftOverAsync(Accelerator accelerator, MachineType machine, string[] options)
    {
        await using Guest guest = await Guest.BootAsync(accelerator, machine, _output, memoryMiB: 1024, options);
        Assert.DoesNotContain(Password, guest.Console, StringComparison.Ordinal);
        Match match = LeftOver().Match(guest.Console);
        Assert.True(match.Success, guest.Console);
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(\d+) KiB left over")]
    private static partial Regex LeftOver();
}
