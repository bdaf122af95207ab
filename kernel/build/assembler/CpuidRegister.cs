namespace Memcachier.Kernel.Build;

/// <summary>The registers that CPUID fills, in the order in which PUSH EDX, ECX, EBX, EAX leaves them in memory.</summary>
public enum CpuidRegister
{
    Eax = 0,
    Ebx = 1,
    Ecx = 2,
    Edx = 3,
}
