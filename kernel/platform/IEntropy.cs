using System;

namespace Memcachier.Kernel.Platform;

/// <summary>Bytes an attacker cannot guess.</summary>
public interface IEntropy
{
    void Fill(Span<byte> destination);
}
