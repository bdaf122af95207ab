using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>The loader's last words, on the first serial port and on the screen.</summary>
internal static class LoaderConsole
{
    private const ushort Data = 0x3F8, InterruptEnable = 0x3F9, LineControl = 0x3FB, LineStatus = 0x3FD;
    private const byte DivisorLatchAccess = 0x80, EightNoneOne = 0x03, DivisorOf115200 = 1;
    private const byte TransmitterEmpty = 0x20;
    private const int Patience = 1 << 16;
    private const byte Video = 0x10;
    private const uint Teletype = 0x0E00, PageAndColour = 0x0007;
    private const int LineMax = 200;

    /// <summary>Says why, and halts.</summary>
    [DoesNotReturn]
    public static void Die(ReadOnlySpan<byte> reason)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("memcachier loader: "u8);
        line.Append(reason);
        line.Append("; halted\r\n"u8);
        // The port first: it needs nobody. What the firmware does when the loader is broken is its own.
        OpenSerial();
        for (int i = 0; i < line.Octets.Length; i++) WriteSerial(line.Octets[i]);
        for (int i = 0; i < line.Octets.Length; i++)
        {
            var registers = new BiosRegisters { Eax = Teletype | line.Octets[i], Ebx = PageAndColour };
            default(PcBios).Call(Video, ref registers);
        }
        while (true) Halt();
    }

    /// <summary>A statement about the loader itself turned out false.</summary>
    [RuntimeExport("kernel_crash")]
    private static void OnBrokenInvariant(string reason, string file, int line)
    {
        var text = new LineBuilder(stackalloc byte[LineMax]);
        text.AppendLiteral(reason);
        text.Append(" at "u8);
        text.AppendLiteral(file);
        text.Append(":"u8);
        text.AppendDecimal((ulong)line);
        Die(text.Octets);
    }

    /// <summary>The processor refused an instruction of the loader.</summary>
    [RuntimeExport("loader_fault")]
    private static void OnFault(ulong vector, ulong error, ulong instruction, ulong address)
    {
        var text = new LineBuilder(stackalloc byte[LineMax]);
        text.Append("processor exception "u8);
        text.AppendDecimal(vector);
        text.Append(", error "u8);
        text.AppendHex(error, 8);
        text.Append(", at "u8);
        text.AppendAddress(instruction);
        text.Append(", CR2 "u8);
        text.AppendAddress(address);
        Die(text.Octets);
    }

    /// <summary>As the kernel's console (Uart16550 of kernel/drivers): not every BIOS has done it.</summary>
    private static void OpenSerial()
    {
        PcBios machine = default;
        machine.Out8(LineControl, DivisorLatchAccess);
        machine.Out8(Data, DivisorOf115200);
        machine.Out8(InterruptEnable, 0);                                  // the divisor's upper half
        machine.Out8(LineControl, EightNoneOne);
        machine.Out8(InterruptEnable, 0);
    }

    private static void WriteSerial(byte octet)
    {
        PcBios machine = default;
        for (int wait = 0; wait < Patience && (machine.In8(LineStatus) & TransmitterEmpty) == 0; wait++)
        {
        }
        machine.Out8(Data, octet);
    }

    [RuntimeImport("*", "processor_halt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Halt();
}
