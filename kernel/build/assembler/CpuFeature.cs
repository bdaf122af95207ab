using System.Collections.Generic;

namespace Memcachier.Kernel.Build;

/// <summary>Where CPUID tells of a feature: a bit of a register after a leaf, subleaf 0.</summary>
public sealed record CpuFeature(string Name, uint Leaf, CpuidRegister Register, int Bit)
{
    private const uint Features = 1;
    private const uint ExtendedFeatures = 7;
    private const uint AmdFeatures = 0x8000_0001;

    /// <summary>
    /// What the image is compiled for: x86-64-v3 (System V ABI, "Micro-Architecture Levels"), and no-execute pages.
    /// LZCNT is missing here on purpose: some hypervisors hide its bit on processors that have it, so the C# side tries
    /// the instruction itself (ProcessorCheck).
    /// </summary>
    public static IReadOnlyList<CpuFeature> Required { get; } =
    [
        new("long mode", AmdFeatures, CpuidRegister.Edx, 29),
        new("no-execute pages", AmdFeatures, CpuidRegister.Edx, 20),
        new("SSE3", Features, CpuidRegister.Ecx, 0),
        new("SSSE3", Features, CpuidRegister.Ecx, 9),
        new("CMPXCHG16B", Features, CpuidRegister.Ecx, 13),
        new("SSE4.1", Features, CpuidRegister.Ecx, 19),
        new("SSE4.2", Features, CpuidRegister.Ecx, 20),
        new("POPCNT", Features, CpuidRegister.Ecx, 23),
        new("MOVBE", Features, CpuidRegister.Ecx, 22),
        new("FMA", Features, CpuidRegister.Ecx, 12),
        new("F16C", Features, CpuidRegister.Ecx, 29),
        new("XSAVE", Features, CpuidRegister.Ecx, 26),
        new("AVX", Features, CpuidRegister.Ecx, 28),
        new("AVX2", ExtendedFeatures, CpuidRegister.Ebx, 5),
        new("BMI1", ExtendedFeatures, CpuidRegister.Ebx, 3),
        new("BMI2", ExtendedFeatures, CpuidRegister.Ebx, 8),
    ];
}
