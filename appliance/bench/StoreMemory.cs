using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance.Bench;

/// <summary>The memory that one store after the other is made of: what the host gives out is never freed.</summary>
internal static class StoreMemory
{
    private const long Length = 64 << 20;

    public static Region Region { get; } = HostMemory.Allocate(Length);
}
