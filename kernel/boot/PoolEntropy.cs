using System;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>The entropy pool as a type parameter.</summary>
public readonly struct PoolEntropy<TProcessor> : IEntropy
    where TProcessor : struct, IProcessor
{
    private readonly EntropyPool<TProcessor> _pool;

    public PoolEntropy(EntropyPool<TProcessor> pool) => _pool = pool;

    public void Fill(Span<byte> destination) => _pool.Fill(destination);
}
