using BenchmarkDotNet.Attributes;

namespace Memcachier.Appliance.Bench;

/// <summary>Gets from a full store, of keys that the processor's caches hold and of more than they hold.</summary>
public class StoreReads
{
    private StoreWorkload _workload = null!;

    [Params(100, 1024)]
    public int ValueLength { get; set; }

    [Params(1_000, 32_768)]
    public int KeyCount { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _workload = new StoreWorkload(StoreMemory.Region, ValueLength);
        _workload.PrepareReads(KeyCount);
    }

    [Benchmark]
    public int GetHit() => _workload.GetHit();

    [Benchmark]
    public bool GetMiss() => _workload.GetMiss();

    [Benchmark]
    public int GetOf100Keys() => _workload.Multiget();
}
