using System;
using System.Diagnostics.CodeAnalysis;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Serial;

namespace Memcachier.Kernel.Boot;

/// <summary>The end of a boot that cannot go on: the machine it was given is at fault, not this program.</summary>
public static class BootFailure
{
    private const int LineMax = 200;

    /// <summary>Says on the console why, and ends the machine. There may be no clock yet, so the line's time is 0.</summary>
    [DoesNotReturn]
    public static void Stop(ReadOnlySpan<byte> reason)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("[        0 us] error: "u8);
        line.Append(reason);
        Uart16550<GatePorts> serial = Uart16550<GatePorts>.Open(default, Uart16550<GatePorts>.Com1);
        serial.Write(line.Octets);
        serial.Write("\n"u8);
        Power.Failed();
    }
}
