using System.Numerics;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>What CPUID cannot be trusted to tell.</summary>
public static class ProcessorCheck
{
    /// <summary>
    /// LZCNT on a processor without it runs as BSR, which counts from the other end: for 1 the answers are 31 and 0. Some
    /// hypervisors hide the instruction's CPUID bit, so this tries it.
    /// </summary>
    /// <param name="one">1, from memory, so that the compiler cannot answer.</param>
    public static bool HasLeadingZeroCount(uint one) => BitOperations.LeadingZeroCount(one) == 31;
}
