using System;

namespace Memcachier.Kernel.Boot;

/// <summary>The processor's exceptions in words (Intel SDM 3A §7.3).</summary>
public static class FaultName
{
    public const ulong PageFault = 14;

    public static ReadOnlySpan<byte> Of(ulong vector) => vector switch
    {
        0 => "divide error"u8,
        1 => "debug exception"u8,
        2 => "non-maskable interrupt"u8,
        4 => "overflow"u8,
        5 => "bound range exceeded"u8,
        6 => "invalid opcode"u8,
        7 => "device not available"u8,
        8 => "double fault"u8,
        10 => "invalid TSS"u8,
        11 => "segment not present"u8,
        12 => "stack fault"u8,
        13 => "general protection fault"u8,
        PageFault => "page fault"u8,
        16 => "x87 floating-point error"u8,
        17 => "alignment check"u8,
        18 => "machine check"u8,
        19 => "SIMD floating-point exception"u8,
        20 => "virtualization exception"u8,
        21 => "control protection exception"u8,
        _ => "unknown fault"u8,
    };
}
