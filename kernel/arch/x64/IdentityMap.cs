using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>Registers where physical addresses below a limit are mapped one to one and uncached already.</summary>
public readonly struct IdentityMap : IRegisterMap<Mmio>
{
    private readonly ulong _limit;

    /// <param name="limit">The first address that is not mapped.</param>
    public IdentityMap(ulong limit) => _limit = limit;

    public bool TryMap(ulong address, uint length, out Mmio registers)
    {
        registers = default;
        if (address > _limit) return false;
        if (length > _limit - address) return false;
        registers = new Mmio((nuint)address, length);
        return true;
    }
}
