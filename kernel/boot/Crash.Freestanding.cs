using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Drivers.Serial;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// The end of the machine, entered by name: from ring 0's fault stub, and from compiled code's own checks. It may happen
/// at any instruction, so it trusts nothing but the image's layout, the serial port and the log's region.
/// </summary>
/// <remarks>One of the two places with mutable statics (the other is the boot arena): a fault has no `this`.</remarks>
public static unsafe class Crash
{
    private const ushort DebugExitPort = 0xF4;
    private const byte DebugExitCrash = 0x11;

    private static Region s_log;
    private static bool s_isReporting;

    /// <summary>What follows a report: a reboot, or nothing more.</summary>
    public static bool Reboots { get; set; }

    /// <summary>Tells where the log is.</summary>
    public static void UseLog(Region log) => s_log = log;

    [RuntimeExport("kernel_fault")]
    private static void OnFault(FaultFrame* frame)
    {
        // A fault while reporting never gets here: ring 0 ends the machine.
        // SAFETY: the fault stub passes the frame in the shared page, which stays mapped.
        ref readonly FaultFrame registers = ref *frame;
        var report = Open();
        report.WriteFault(in registers);
        report.WriteTrace(registers.Rbp);
        Finish(report);
    }

    [RuntimeExport("kernel_crash")]
    private static void OnBrokenInvariant(string reason, string file, int line)
    {
        if (s_isReporting) End();
        s_isReporting = true;
        var report = Open();
        report.WriteReason(reason, file, line);
        report.WriteTrace((ulong)X64Processor.FramePointer());
        Finish(report);
    }

    private static CrashReport<Uart16550<GatePorts>> Open()
    {
        Uart16550<GatePorts> serial = Uart16550<GatePorts>.Open(default, Uart16550<GatePorts>.Com1);
        return new CrashReport<Uart16550<GatePorts>>(serial, in Machine.Layout);
    }

    private static void Finish(CrashReport<Uart16550<GatePorts>> report)
    {
        if (s_log.Length != 0) report.WriteLog(new LogRing(s_log));
        report.WriteEnd();
        End();
    }

    [DoesNotReturn]
    private static void End()
    {
        if (Reboots) Power.Reboot();
        Gate.Out8(DebugExitPort, DebugExitCrash);
        Power.Halt();
    }
}
