namespace Memcachier.Kernel.Build;

/// <summary>Interrupt vectors: 0 to 31 are the processor's exceptions, then ours.</summary>
public static class Vectors
{
    public const int NonMaskable = 2;
    public const int Breakpoint = 3;
    public const int DoubleFault = 8;
    public const int MachineCheck = 18;
    public const int ExceptionCount = 32;

    /// <summary>The first of <see cref="InterruptCount"/> device and timer interrupts.</summary>
    public const int FirstInterrupt = 32;
    public const int InterruptCount = 16;

    /// <summary>The local APIC's spurious interrupt: returns at once, without end of interrupt (SDM 3A §12.9).</summary>
    public const int Spurious = 255;

    /// <summary>Exceptions for which the processor pushes an error code (SDM 3A §7.15).</summary>
    public static bool HasErrorCode(int vector) => vector is 8 or (>= 10 and <= 14) or 17 or 21 or 29 or 30;
}
