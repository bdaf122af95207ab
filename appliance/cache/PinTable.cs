using System.Threading;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// Which segments of a store another reactor keeps from being reused, and how often. That reactor writes it, the owner
/// of the store reads it.
/// </summary>
internal sealed class PinTable
{
    private readonly int[] _counts;

    public PinTable(int segmentCount) => _counts = new int[segmentCount];

    public bool Has(int segment) => Volatile.Read(ref _counts[segment]) > 0;

    public void Add(int segment) => Volatile.Write(ref _counts[segment], _counts[segment] + 1);

    public void Remove(int segment)
    {
        Invariant.Holds(_counts[segment] > 0);
        Volatile.Write(ref _counts[segment], _counts[segment] - 1);
    }
}
