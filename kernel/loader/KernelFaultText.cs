using System;

namespace Memcachier.Kernel.Loader;

/// <summary>What a loader says of a file that is no kernel.</summary>
public static class KernelFaultText
{
    public static ReadOnlySpan<byte> Of(KernelFault fault) => fault switch
    {
        KernelFault.NotElf => "memcachier.elf is not an ELF64 file for x86-64"u8,
        KernelFault.Truncated => "memcachier.elf is cut short"u8,
        KernelFault.BadSegments => "memcachier.elf has segments that overlap or lie outside of 1 MiB to 4 GiB"u8,
        KernelFault.NoEntry => "memcachier.elf has no PVH entry point"u8,
        _ => default,
    };
}
