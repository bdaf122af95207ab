using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// What an item has earned by being read: eviction spares those with credit. A read of a small item earns more than one
/// of a large item, since in the place of one large item several small ones could be kept and be read.
/// </summary>
/// <remarks>
/// Credit counts from 0 to 7. What is granted is a power of two: the scale of the occasion times mean size / size.
/// Where that is less than one, it is one with that probability.
/// </remarks>
internal sealed class Credits
{
    public const int Max = 7;

    // The scales, as powers of two: two for a read, a half for being stored, one to pass for proved.
    private const int ReadScale = 1;
    private const int StoredScale = -1;
    private const int ProvedScale = 0;

    private const int FractionShift = 8;

    // The square root of two, and as many bits behind the point: to the nearest power is half a step up, then down.
    private const long HalfStep = 362;

    private readonly Statistics _statistics;
    private readonly bool _isBySize;
    private Prng _random;

    /// <param name="statistics">Knows how many items there are, and of how many bytes.</param>
    public Credits(Statistics statistics, EvictionPolicy policy, ulong seed)
    {
        _statistics = statistics;
        _isBySize = policy == EvictionPolicy.S3Fifo;
        _random = new Prng(seed);
    }

    /// <summary>Hot: once per item read. Its credit afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int AfterRead(int credit, long size) => credit == Max ? Max : AfterReadSlow(credit, size);

    /// <summary>The credit of an item that was stored, or has moved to the main queue.</summary>
    public int AtFirst(long size) => _isBySize ? Math.Min(Grant(StoredScale, size), Max) : 0;

    /// <summary>Whether an item that is stored again soon after it was evicted has proved itself by that.</summary>
    public bool IsProved(long size) => Grant(ProvedScale, size) > 0;

    private int AfterReadSlow(int credit, long size) =>
        _isBySize ? Math.Min(credit + Grant(ReadScale, size), Max) : 1;

    private int Grant(int scale, long size)
    {
        long ratio = _statistics.Bytes * HalfStep / (Math.Max(_statistics.CurrItems, 1) * size);
        int power = BitOperations.Log2((ulong)Math.Max(ratio, 1)) - FractionShift + scale;
        if (power >= 0) return 1 << Math.Min(power, 3);
        return (_random.Next() & ((1UL << -power) - 1)) == 0 ? 1 : 0;
    }
}
