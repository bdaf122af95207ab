using System.Diagnostics.CodeAnalysis;
using Memcachier.Kernel.Arch.X64;

namespace Memcachier.Kernel.Boot;

/// <summary>Ends the machine.</summary>
public static class Power
{
    private const ushort DebugExitPort = 0xF4;
    private const byte DebugExitOrderly = 0x10;
    private const byte DebugExitFailed = 0x12;
    private const ushort SleepEnable = 1 << 13;             // ACPI 6.5 §4.8.3.2.1, PM1 control; sleep type 0 is S5 on QEMU
    private const ushort KeyboardCommandPort = 0x64;
    private const byte PulseResetLine = 0xFE;
    private const ushort ResetControlPort = 0xCF9;
    private const byte FullReset = 0x06;

    /// <summary>Powers off. <paramref name="pm1aControlPort"/> is ACPI's, or 0 where there is none.</summary>
    [DoesNotReturn]
    public static void Off(ushort pm1aControlPort)
    {
        Gate.Out8(DebugExitPort, DebugExitOrderly);
        if (pm1aControlPort != 0) Gate.Out16(pm1aControlPort, SleepEnable);
        Halt();
    }

    /// <summary>Ends a machine that said on the console why it cannot work.</summary>
    [DoesNotReturn]
    public static void Failed()
    {
        Gate.Out8(DebugExitPort, DebugExitFailed);
        Halt();
    }

    /// <summary>Resets the machine by every way there is; if none works it halts.</summary>
    [DoesNotReturn]
    public static void Reboot()
    {
        Gate.Out8(KeyboardCommandPort, PulseResetLine);
        Gate.Out8(ResetControlPort, FullReset);
        Halt();
    }

    /// <summary>Stops for good: every interrupt is followed by the next halt.</summary>
    [DoesNotReturn]
    public static void Halt()
    {
        while (true) Gate.Halt();
    }
}
