using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// Instructions, counted in an image of its own (below appliance/bench) on a processor on which they are all that time
/// consists of: the same in every run, whatever else the host does.
/// </summary>
internal static partial class BenchImage
{
    private const int PoweredOff = (0x10 << 1) | 1;

    // It is instructions that count, not seconds: this is for an image that never ends.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(15);

    /// <summary>Boots an image, and reads its figures once it has powered off.</summary>
    public static async Task<Dictionary<string, double>> MeasureAsync(
        ITestOutputHelper output, string name = "memcachier-bench")
    {
        string image = Path.Combine(Repository.Find().OutputDirectory, name + ".elf");
        string[] arguments =
        [
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
            "-M", "microvm,acpi=off,pit=on,pic=on,rtc=on", "-m", "64M",
            // The clock advances by a nanosecond with each instruction, and the time-stamp counter with the clock.
            "-accel", "tcg", "-icount", "shift=0", "-cpu", "max",
            "-kernel", image, "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        ];
        using var limit = new CancellationTokenSource(Bound);
        (int exitCode, string console) = await ToolProcess.RunAsync(
            QemuCommandLine.Program, arguments, Path.GetTempPath(), null, limit.Token);
        output.WriteLine(console.Replace("measured: ", "", StringComparison.Ordinal));
        Assert.Equal(PoweredOff, exitCode);
        var figures = new Dictionary<string, double>();
        foreach (Match match in Figure().Matches(console))
        {
            double figure = double.Parse(match.Groups["figure"].Value, CultureInfo.InvariantCulture);
            figures.Add(match.Groups["operation"].Value, figure);
        }
        return figures;
    }

    [GeneratedRegex(@"measured: (?<operation>.+): (?<figure>[\d.]+) instructions")]
    private static partial Regex Figure();
}
