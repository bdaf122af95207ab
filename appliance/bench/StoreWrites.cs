using BenchmarkDotNet.Attributes;

namespace Memcachier.Appliance.Bench;

/// <summary>Sets of new keys in a full store: each evicts.</summary>
public class StoreWrites
{
    private StoreWorkload _workload = null!;

    [Params(100, 1024)]
    public int ValueLength { get; set; }

    [GlobalSetup]
    public void Fill() => _workload = new StoreWorkload(StoreMemory.Region, ValueLength);

    [Benchmark]
    public void Set() => _workload.Set();
}
