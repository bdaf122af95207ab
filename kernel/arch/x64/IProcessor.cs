namespace Memcachier.Kernel.Arch.X64;

/// <summary>What the machine's own instructions tell; a struct type parameter, so that tests can be the processor.</summary>
public interface IProcessor
{
    CpuidResult Cpuid(uint leaf, uint subleaf);

    /// <summary>The time-stamp counter.</summary>
    ulong Timestamp();

    ulong ReadMsr(uint register);

    /// <summary>After the gate is sealed only the timer's registers may be written; anything else ends the machine.</summary>
    void WriteMsr(uint register, ulong value);

    /// <summary>RDRAND; fails if the generator is exhausted. Only if CPUID tells that the instruction exists.</summary>
    bool TryRandom(out ulong value);

    /// <summary>RDSEED; as <see cref="TryRandom"/>.</summary>
    bool TrySeed(out ulong value);
}
