using System.Runtime.InteropServices;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>The four registers that CPUID fills.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct CpuidResult
{
    public readonly uint Eax;
    public readonly uint Ebx;
    public readonly uint Ecx;
    public readonly uint Edx;

    public CpuidResult(uint eax, uint ebx, uint ecx, uint edx)
    {
        Eax = eax;
        Ebx = ebx;
        Ecx = ecx;
        Edx = edx;
    }
}
