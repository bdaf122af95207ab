using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance;

internal static class Program
{
    [RuntimeExport("kernel_main")]
    private static unsafe void Main(ulong* shared)
    {
        Puts("hello from ring 3\r\n"u8);
        Span<byte> x = stackalloc byte[100];
        var r = new Prng(3);
        r.Fill(x);
        Puts(x.Slice(0, AsciiDecimal.Format(shared[0], x)));
        Puts("\r\n"u8);
        if (shared[5] == 0) *(byte*)0x5000000000 = 1;
        Out(3, 0xf4, 0x10);
    }

    private static void Puts(ReadOnlySpan<byte> x)
    {
        foreach (byte b in x) Out(3, 0x3f8, b);
    }

    [RuntimeImport("*", "gate_call")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong Out(ulong s, ulong port, ulong value);

    [RuntimeExport("kernel_allocate")]
    private static ulong Alloc(ulong n) => 0;

    [RuntimeExport("kernel_fault")]
    private static unsafe void Fault(ulong* frame)
    {
        Puts("fault "u8);
        Span<byte> x = stackalloc byte[20];
        for (int i = 0; i < 24; i++)
        {
            Puts(x.Slice(0, AsciiDecimal.Format(frame[i], x)));
            Puts(" "u8);
        }
        Out(3, 0xf4, 0x11);
    }

    [RuntimeExport("kernel_crash")]
    private static void Crash(string reason, string file, int line)
    {
        Puts("crash"u8);
    }
}
