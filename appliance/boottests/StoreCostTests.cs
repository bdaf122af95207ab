using System.Collections.Generic;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// The instructions that the store's operations take.
/// </summary>
public sealed class StoreCostTests
{
    private const double Tolerance = 1.03;

    /// <summary>
    /// Whoever makes an operation cheaper, or has a reason to make it dearer, changes its row here and in
    /// docs/performance.md.
    /// </summary>
    private static readonly (string Operation, double Instructions)[] Baseline =
    [
        ("store GET hit, value of 100 bytes", 332.7),
        ("store GET miss, value of 100 bytes", 200.9),
        ("store GET of 100 keys, value of 100 bytes", 33296.1),
        ("store SET, value of 100 bytes", 4275.4),
        ("store GET hit, value of 1024 bytes", 320.9),
        ("store GET miss, value of 1024 bytes", 190.2),
        ("store GET of 100 keys, value of 1024 bytes", 32107.0),
        ("store SET, value of 1024 bytes", 3505.4),
    ];

    private readonly ITestOutputHelper _output;

    public StoreCostTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task No_operation_takes_more_instructions_than_it_did()
    {
        Dictionary<string, double> figures = await BenchImage.MeasureAsync(_output);
        Assert.Equal(2.0, figures["calibration, a loop of two instructions"]);
        foreach ((string operation, double instructions) in Baseline)
            _output.WriteLine($"measured: {operation}: {figures[operation]} instructions");
        Assert.All(Baseline, row => Assert.InRange(figures[row.Operation], 1, row.Instructions * Tolerance));
    }
}
