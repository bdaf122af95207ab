using System;

namespace Memcachier.Appliance.Bench;

/// <summary>Latencies in nanoseconds, told apart to <see cref="Step"/>.</summary>
internal sealed class LatencyTable
{
    private const int Step = 50;

    private readonly int[] _counts = new int[200_000];

    public long Count { get; private set; }

    public ulong Max { get; private set; }

    public void Clear()
    {
        new Span<int>(_counts).Clear();
        Count = 0;
        Max = 0;
    }

    public void Add(ulong nanos)
    {
        _counts[(int)Math.Min(nanos / Step, (ulong)_counts.Length - 1)]++;
        Count++;
        Max = Math.Max(Max, nanos);
    }

    /// <summary>The latency that so many of 1,000 do not exceed, between two steps in proportion.</summary>
    public ulong Quantile(int perThousand)
    {
        long rank = Count * perThousand / 1000;
        long before = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (before + _counts[i] > rank)
                return (ulong)((i * Step) + ((rank - before) * Step / _counts[i]));
            before += _counts[i];
        }
        return Max;
    }
}
