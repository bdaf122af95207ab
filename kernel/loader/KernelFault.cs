namespace Memcachier.Kernel.Loader;

/// <summary>Why a file is no kernel.</summary>
public enum KernelFault : byte
{
    None,

    /// <summary>No ELF file for x86-64 that is executed where it says (ELF64, little-endian, ET_EXEC, EM_X86_64).</summary>
    NotElf,

    /// <summary>The file ends before what its headers name.</summary>
    Truncated,

    /// <summary>There are no segments, or more than a kernel has, or they overlap, or lie below 1 MiB or above 4 GiB.</summary>
    BadSegments,

    /// <summary>No note names a PVH entry point inside of a segment.</summary>
    NoEntry,
}
