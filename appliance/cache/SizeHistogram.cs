using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// How many of the items that curr_items counts have which size, by memcached's count of an item's bytes rounded up to
/// the next step. Exact, except that what is larger than <see cref="SizeMax"/> is in the last bucket.
/// </summary>
public sealed class SizeHistogram
{
    /// <summary>Bytes from one bucket to the next, as in memcached.</summary>
    public const int Step = 32;

    /// <summary>
    /// Sizes are told apart up to here; with -I at a gibibyte the table would take 128 MiB otherwise.
    /// </summary>
    public const int SizeMax = 1 << 20;

    private const int ObjectHeadersLength = 64;

    // As many items as there are locations, which have 32 bits.
    private readonly uint[] _counts;

    /// <param name="itemSizeMax">-I</param>
    public SizeHistogram(int itemSizeMax)
    {
        _counts = new uint[BucketCount(itemSizeMax)];
    }

    /// <summary>Bytes that the histogram for this -I takes.</summary>
    public static long LengthFor(int itemSizeMax) =>
        ((long)BucketCount(itemSizeMax) * sizeof(uint)) + ObjectHeadersLength;

    /// <summary>Finds the first size that is not below <paramref name="size"/> and of which there are items.</summary>
    /// <param name="size">A multiple of <see cref="Step"/>; past the largest one if nothing is found.</param>
    public bool TryFind(ref int size, out uint count)
    {
        for (int bucket = size / Step; bucket < _counts.Length; bucket++)
        {
            count = _counts[bucket];
            if (count == 0) continue;
            size = bucket * Step;
            return true;
        }
        size = _counts.Length * Step;
        count = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Add(in Item item) => _counts[BucketOf(in item)]++;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Remove(in Item item)
    {
        int bucket = BucketOf(in item);
        Invariant.Holds(_counts[bucket] > 0);
        _counts[bucket]--;
    }

    internal void Clear() => _counts.AsSpan().Clear();

    private int BucketOf(in Item item) =>
        (int)Math.Min(RoundUp(MemcachedSize.Of(in item)), _counts.Length - 1);

    private static int BucketCount(int itemSizeMax) => (int)RoundUp(Math.Min(itemSizeMax, SizeMax)) + 1;

    private static long RoundUp(long size) => (size + Step - 1) / Step;
}
