using System.Runtime;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>The processor this runs on. The routines are assembled by kernel/build/assembler/UserRoutines.cs.</summary>
public readonly unsafe struct X64Processor : IProcessor
{
    public CpuidResult Cpuid(uint leaf, uint subleaf)
    {
        CpuidResult result;
        // SAFETY: the routine writes four 32-bit registers, which is what the struct is.
        CpuidRoutine(leaf, subleaf, &result);
        return result;
    }

    public ulong Timestamp() => TimestampRoutine();

    public ulong ReadMsr(uint register) => Gate.ReadMsr(register);

    public void WriteMsr(uint register, ulong value) => Gate.WriteMsr(register, value);

    public bool TryRandom(out ulong value)
    {
        ulong random;
        // SAFETY: both routines write 8 bytes, whether they succeed or not.
        bool isValid = RandomRoutine(&random) != 0;
        value = random;
        return isValid;
    }

    public bool TrySeed(out ulong value)
    {
        ulong seed;
        bool isValid = SeedRoutine(&seed) != 0;
        value = seed;
        return isValid;
    }

    /// <summary>The caller's frame pointer: where a back trace starts.</summary>
    public static nuint FramePointer() => FramePointerRoutine();

    [RuntimeImport("*", "processor_cpuid")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void CpuidRoutine(uint leaf, uint subleaf, CpuidResult* result);

    [RuntimeImport("*", "processor_timestamp")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong TimestampRoutine();

    [RuntimeImport("*", "processor_rdrand")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern uint RandomRoutine(ulong* value);

    [RuntimeImport("*", "processor_rdseed")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern uint SeedRoutine(ulong* value);

    [RuntimeImport("*", "processor_frame_pointer")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern nuint FramePointerRoutine();
}
