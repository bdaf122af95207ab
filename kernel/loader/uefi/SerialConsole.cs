using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Loader.Uefi;

/// <summary>The first serial port, for what cannot be said on the firmware's console any more.</summary>
internal static class SerialConsole
{
    private const ushort Data = 0x3F8, LineStatus = 0x3FD;
    private const byte TransmitterEmpty = 0x20;
    private const int Patience = 1 << 20;

    /// <summary>Says why, and halts.</summary>
    [DoesNotReturn]
    public static void Die(ReadOnlySpan<byte> reason)
    {
        Write("memcachier loader: "u8);
        Write(reason);
        Write("; halted\r\n"u8);
        while (true) Halt();
    }

    /// <summary>A statement about the loader itself turned out false.</summary>
    [RuntimeExport("kernel_crash")]
    private static void Crash(string reason, string file, int line)
    {
        var text = new LineBuilder(stackalloc byte[160]);
        text.AppendLiteral(reason);
        text.Append(" at "u8);
        text.AppendLiteral(file);
        text.Append(":"u8);
        text.AppendDecimal((ulong)line);
        Die(text.Octets);
    }

    /// <summary>Nothing here is allocated.</summary>
    [RuntimeExport("kernel_allocate")]
    private static unsafe void* Allocate(ulong size)
    {
        Die("out of memory"u8);
        return null;
    }

    private static void Write(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            for (int wait = 0; wait < Patience && (Read(LineStatus) & TransmitterEmpty) == 0; wait++)
            {
            }
            Write(Data, text[i]);
        }
    }

    [RuntimeImport("*", "port_write")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Write(ushort port, byte value);

    [RuntimeImport("*", "port_read")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern byte Read(ushort port);

    [RuntimeImport("*", "processor_halt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Halt();
}
