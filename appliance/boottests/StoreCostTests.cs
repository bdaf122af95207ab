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
/// The instructions that the store's operations take, counted in an image of their own (appliance/bench/image) on a
/// processor on which they are all that time consists of: the same in every run, whatever else the host does.
/// </summary>
public sealed partial class StoreCostTests
{
    private const double Tolerance = 1.03;
    private const int PoweredOff = (0x10 << 1) | 1;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whoever makes an operation cheaper, or has a reason to make it dearer, changes its row here and in
    /// docs/performance.md.
    /// </summary>
    private static readonly (string Operation, double Instructions)[] Baseline =
    [
        ("store GET hit, value of 100 bytes", 366.4),
        ("store GET miss, value of 100 bytes", 206.8),
        ("store GET of 100 keys, value of 100 bytes", 36664.0),
        ("store SET, value of 100 bytes", 4420.0),
        ("store GET hit, value of 1024 bytes", 353.2),
        ("store GET miss, value of 1024 bytes", 195.0),
        ("store GET of 100 keys, value of 1024 bytes", 35339.2),
        ("store SET, value of 1024 bytes", 3666.0),
    ];

    private readonly ITestOutputHelper _output;

    public StoreCostTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task No_operation_takes_more_instructions_than_it_did()
    {
        Dictionary<string, double> figures = await MeasureAsync();
        Assert.Equal(2.0, figures["calibration, a loop of two instructions"]);
        foreach ((string operation, double instructions) in Baseline)
            _output.WriteLine($"measured: {operation}: {figures[operation]} instructions");
        Assert.All(Baseline, row => Assert.InRange(figures[row.Operation], 1, row.Instructions * Tolerance));
    }

    /// <summary>Boots the image, and reads its figures once it has powered off.</summary>
    private async Task<Dictionary<string, double>> MeasureAsync()
    {
        string image = Path.Combine(Repository.Find().OutputDirectory, "memcachier-bench.elf");
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
        _output.WriteLine(console.Replace("measured: ", "", StringComparison.Ordinal));
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
