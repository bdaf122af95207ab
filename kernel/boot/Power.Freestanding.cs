using System.Diagnostics.CodeAnalysis;
using Memcachier.Kernel.Arch.X64;

namespace Memcachier.Kernel.Boot;

/// <summary>Ends the machine.</summary>
public static class Power
{
    private const ushort DebugExitPort = 0xF4;
    private const byte DebugExitOff = 0x10;
    private const byte DebugExitFailed = 0x12;
    private const ushort KeyboardCommandPort = 0x64;
    private const byte PulseResetLine = 0xFE;
    private const ushort ResetControlPort = 0xCF9;
    private const byte FullReset = 0x06;

    /// <summary>Ends a machine whose work is done, as far as that goes without knowing what machine it is.</summary>
    [DoesNotReturn]
    public static void Off()
    {
        Exit();
        Halt();
    }

    /// <summary>Ends the emulator, if it has the device for that.</summary>
    public static void Exit() => Gate.Out8(DebugExitPort, DebugExitOff);

    /// <summary>Ends a machine that said on the console why it cannot work.</summary>
    [DoesNotReturn]
    public static void Failed()
    {
        Gate.Out8(DebugExitPort, DebugExitFailed);
        Halt();
    }

    /// <summary>Resets the machine by every way there is: two ports of PCs, then a triple fault.</summary>
    [DoesNotReturn]
    public static void Reboot()
    {
        Gate.Out8(KeyboardCommandPort, PulseResetLine);
        Gate.Out8(ResetControlPort, FullReset);
        Gate.Reset();
        Halt();
    }

    /// <summary>Stops for good: every interrupt is followed by the next halt.</summary>
    [DoesNotReturn]
    public static void Halt()
    {
        while (true) Gate.Halt();
    }
}
