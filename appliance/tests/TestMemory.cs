using System.Collections.Concurrent;
using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance.Tests;

/// <summary>Regions to be used again by the next test: host memory is never freed.</summary>
internal static class TestMemory
{
    private static readonly ConcurrentDictionary<long, ConcurrentBag<Region>> s_idle = new();

    public static Region Rent(long length) =>
        s_idle.TryGetValue(length, out ConcurrentBag<Region>? bag) && bag.TryTake(out Region region)
            ? region
            : HostMemory.Allocate(length);

    public static void Return(Region region) =>
        s_idle.GetOrAdd(region.Length, _ => new ConcurrentBag<Region>()).Add(region);
}
