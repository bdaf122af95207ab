using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Base;

/// <summary>
/// How long things took, in microseconds: log-linear buckets, eight to each power of two, so that a bucket is at most
/// an eighth as wide as its bounds are large. Recording is a few instructions without a division or a branch on the
/// value.
/// </summary>
/// <remarks>
/// Durations are counted in whole microseconds, cut off: a value v says that something took from v to v + 1. So the
/// bucket that begins at <see cref="LowerBoundMicros"/> ends where the next one begins.
/// <code>
///   bucket   0 .. 15   16 .. 23                24 .. 31                ...  168 .. 175             176
///   micros   0 .. 15   16 .. 31, two in each   32 .. 63, four in each  ...  up to 2^24, 2^20 each  all above
/// </code>
/// </remarks>
public sealed class LatencyHistogram
{
    /// <summary>How many buckets there are; the last one is for all that took longer than the others say.</summary>
    public const int BucketCount = LastBucket + 1;

    /// <summary>What takes as long as this, 2^24 µs or 16.8 s, or longer is in the last bucket.</summary>
    public const long MicrosMax = 1L << PowerMax;

    private const int PowerMax = 24;
    private const int DivisionPower = 3;
    private const int Divisions = 1 << DivisionPower;
    private const int LastBucket = (PowerMax - DivisionPower + 1) * Divisions;
    private const long PartsPerMillion = 1_000_000;
    private const int RankBits = 40;

    private readonly long[] _counts = new long[BucketCount];

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Microseconds that all of them took together.</summary>
    public long SumMicros { get; private set; }

    /// <summary>Hot: once per round of a reactor. Records that something took a time so many times.</summary>
    /// <param name="micros">0 or more; less, from a clock that went back, counts as 0.</param>
    /// <param name="weight">How many took it, 0 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(long micros, long weight)
    {
        micros = Math.Max(micros, 0);
        _counts[BucketOf(micros)] += weight;
        Count += weight;
        SumMicros += micros * weight;
    }

    /// <summary>How many are in a bucket.</summary>
    public long CountOf(int bucket) => _counts[bucket];

    /// <summary>The bucket of a duration of 0 or more microseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BucketOf(long micros)
    {
        ulong value = (ulong)Math.Min(micros, MicrosMax);
        // Below 2^4 each microsecond has its bucket, as if it were in the power from 2^3 on.
        int shift = BitOperations.Log2(value | Divisions) - DivisionPower;
        return (shift << DivisionPower) + (int)(value >> shift);
    }

    /// <summary>The shortest duration in a bucket.</summary>
    public static long LowerBoundMicros(int bucket)
    {
        if (bucket < 2 * Divisions) return bucket;
        int shift = (bucket >> DivisionPower) - 1;
        return (long)(Divisions + (bucket & (Divisions - 1))) << shift;
    }

    /// <summary>
    /// How many took less than this: exact where a bucket begins at <paramref name="micros"/>, and else without those
    /// in the bucket that it divides.
    /// </summary>
    public long CountBelow(long micros)
    {
        int end = BucketOf(micros);
        long count = 0;
        for (int bucket = 0; bucket < end; bucket++) count += _counts[bucket];
        return count;
    }

    /// <summary>
    /// The duration that this share of them did not exceed, to within a bucket's width; taken to be spread evenly over
    /// a bucket. 0 if there are none, <see cref="MicrosMax"/> if it is in the last bucket.
    /// </summary>
    /// <param name="partsPerMillion">The share, 0 to 1,000,000: 990,000 is the 99th percentile.</param>
    public long QuantileMicros(int partsPerMillion)
    {
        if (Count == 0) return 0;
        // The rank, at least 1; of a product that cannot overflow, and rounded up.
        long whole = Count / PartsPerMillion * partsPerMillion;
        long rest = ((Count % PartsPerMillion * partsPerMillion) + PartsPerMillion - 1) / PartsPerMillion;
        long rank = Math.Max(whole + rest, 1);
        int bucket = 0;
        while (rank > _counts[bucket])
        {
            rank -= _counts[bucket];
            bucket++;
        }
        long lower = LowerBoundMicros(bucket);
        if (bucket == LastBucket) return lower;
        long width = LowerBoundMicros(bucket + 1) - lower;
        // So few bits of both that the product fits are more than enough.
        int surplus = Math.Max(0, BitOperations.Log2((ulong)_counts[bucket]) - RankBits);
        return lower + (((rank - 1) >> surplus) * width / (_counts[bucket] >> surplus));
    }
}
