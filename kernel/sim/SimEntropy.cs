using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Sim;

/// <summary>Secrets that are the same in every run with the same seed.</summary>
public readonly struct SimEntropy : IEntropy
{
    private readonly Prng[] _random;

    public SimEntropy(ulong seed) => _random = [new Prng(seed)];

    public void Fill(Span<byte> destination) => _random[0].Fill(destination);
}
