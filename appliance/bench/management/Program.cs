using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Boot;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// Prints what the cache's clients notice of the management API: how long a request takes them before, while and after
/// somebody scrapes metrics each second and reads a capture. On a machine whose time-stamp counter counts instructions,
/// as QEMU's with <c>-icount shift=0</c> does, the figures are instructions.
/// </summary>
internal static class Program
{
    /// <summary>Entered by the boot code in ring 3, on the main stack. Never returns.</summary>
    [RuntimeExport("kernel_main")]
    private static unsafe void Main(SharedPage* shared)
    {
        // SAFETY: the boot code passes the page that both rings share, which stays mapped.
        Hardware hardware = Hardware.Start(in *shared);
        Measure(hardware);
        Power.Off();
    }

    // A method of its own, so that nothing of it is allocated before there is an arena.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Measure(Hardware hardware)
    {
        var watch = new Stopwatch();
        var cable = new Cable();
        var crowd = new Crowd(cable, watch);
        Node node = ApplianceSetup.Build(hardware, new PausedClock(watch), new CableDevice(cable));
        var meter = new ManagementMeter(new FigureLog(hardware.Log), watch, crowd, node);
        meter.Begin();
        meter.Measure(connections: 4, depth: 1);
        meter.Measure(connections: 16, depth: 1);
        meter.Measure(connections: 50, depth: 1);
        meter.Measure(connections: 16, depth: 8);
    }
}
