using System;
using System.Runtime;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// Runs the store's operations and the comparison of tokens once booted, and prints what each takes. On a machine whose time-stamp counter counts
/// instructions, as QEMU's with <c>-icount shift=0</c> does, the figures are instructions.
/// </summary>
internal static class Program
{
    private const long StoreLength = 8 << 20;
    private const int PageSize = 4096;

    /// <summary>Entered by the boot code in ring 3, on the main stack. Never returns.</summary>
    [RuntimeExport("kernel_main")]
    private static unsafe void Main(SharedPage* shared)
    {
        // SAFETY: the boot code passes the page that both rings share, which stays mapped.
        Hardware hardware = Hardware.Start(in *shared);
        Region memory = BootArena.TakeUncleared(StoreLength, PageSize);
        var log = new FigureLog(hardware.Log);
        var meter = new StoreMeter(log);
        meter.Calibrate();
        ReadOnlySpan<int> valueLengths = [100, 1024];
        foreach (int valueLength in valueLengths) meter.Measure(memory, valueLength);
        TokenMeter.Measure(log);
        Power.Off();
    }
}
