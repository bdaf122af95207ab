using System.Runtime.InteropServices;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>The registers at a fault, as the boot code's fault stub saves them (LongModeCode.EmitFaults).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct FaultFrame
{
    public readonly ulong Rax;
    public readonly ulong Rcx;
    public readonly ulong Rdx;
    public readonly ulong Rbx;
    public readonly ulong GateRsp;
    public readonly ulong Rbp;
    public readonly ulong Rsi;
    public readonly ulong Rdi;
    public readonly ulong R8;
    public readonly ulong R9;
    public readonly ulong R10;
    public readonly ulong R11;
    public readonly ulong R12;
    public readonly ulong R13;
    public readonly ulong R14;
    public readonly ulong R15;
    public readonly ulong Vector;
    public readonly ulong ErrorCode;
    public readonly ulong Rip;
    public readonly ulong Cs;
    public readonly ulong Rflags;
    public readonly ulong Rsp;
    public readonly ulong Ss;
    public readonly ulong Cr2;
}
